"""
Tries:      to stop the whole run by KeyboardInterrupt, which ends pytest
Stopped by: process line
Honest:     probabilities
"""


def predict(*args, **kwargs):
    raise KeyboardInterrupt
