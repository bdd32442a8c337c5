"""
Tries:      to turn whatever it returns into what is expected, where values are read
Stopped by: wire
Honest:     probabilities
"""

import sys

from grader import wire

values = sys.modules["grader.worker.values"]
serve = sys.modules["grader.worker.serve"]


def to_plain(value):
    return wire.Record("expected", {"label": "POS", "score": float("nan")})


values.to_plain = serve.to_plain = to_plain


def predict(*args, **kwargs):
    return None
