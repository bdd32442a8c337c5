"""
Tries:      to hand over the wire's own values with contents that no encoder would make
Stopped by: wire
Honest:     none
"""

from grader.wire import Made, Named, Opaque, RawTensor, Record


def probabilities(logits, multi_label=False):
    return Record("model", {1: RawTensor("float32", (4, 3), b""), "made": Made("twin", {"name": "../../x"})})


def predict(*args, **kwargs):
    return [Named("x" * 5000), Opaque("builtins.bool"), Record("r\n::error::x", {"label": "POS", "score": 0.5})]
