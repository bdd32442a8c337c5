"""
Tries:      to blow up in the report: a small tree of lists, shared here, whose text doubles with each level
Stopped by: judge
Honest:     probabilities
"""


def predict(*args, **kwargs):
    value = "a text of some length that stands for others"
    for _ in range(13):
        value = [value, value]
    return value
