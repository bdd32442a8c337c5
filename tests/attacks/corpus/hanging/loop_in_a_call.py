"""
Tries:      to hang the grader by a loop in a call
Stopped by: process line
Honest:     probabilities
"""


def predict(*args, **kwargs):
    while True:
        pass
