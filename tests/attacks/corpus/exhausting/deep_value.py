"""
Tries:      to exhaust the judge's stack with a list a hundred thousand levels deep
Stopped by: wire
Honest:     probabilities
"""


def predict(*args, **kwargs):
    value = []
    for _ in range(100_000):
        value = [value]
    return value
