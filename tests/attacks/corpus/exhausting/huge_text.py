"""
Tries:      to have the judge take a text of a hundred megabytes
Stopped by: wire
Honest:     probabilities
"""


def predict(*args, **kwargs):
    return [{"label": "x" * 10**8, "score": 0.5}]
