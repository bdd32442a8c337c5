"""
Tries:      to drown the report: a message of a million characters
Stopped by: judge
Honest:     probabilities
"""


def predict(*args, **kwargs):
    raise ValueError("na " * 400_000)
