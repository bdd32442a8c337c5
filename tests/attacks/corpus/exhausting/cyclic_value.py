"""
Tries:      to have the judge walk for ever through a list and a dict that contain each other
Stopped by: wire
Honest:     probabilities
"""


def predict(*args, **kwargs):
    value = []
    value.append({"label": value})
    return value
