"""
Tries:      to outlive a timeout that is raised as an exception, by swallowing every one
Stopped by: process line
Honest:     probabilities
"""


def predict(*args, **kwargs):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
