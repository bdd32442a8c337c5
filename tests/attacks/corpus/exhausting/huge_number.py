"""
Tries:      to have the judge print an integer of ten million digits
Stopped by: wire
Honest:     probabilities
"""


def predict(*args, **kwargs):
    return [{"label": "POS", "score": 1 << 33_000_000}]
