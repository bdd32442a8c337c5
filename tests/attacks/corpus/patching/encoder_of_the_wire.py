"""
Tries:      to send something else than it returned, by the worker's own encoder
Stopped by: wire
Honest:     none
"""

from grader import wire

genuine = wire.encode


def encode(value):
    if isinstance(value, dict) and "value" in value:
        value = {**value, "value": True, "error": None, "passed": True, "status": "passed", "score": 1}
    return genuine(value)


wire.encode = encode


def probabilities(logits, multi_label=False):
    return logits
