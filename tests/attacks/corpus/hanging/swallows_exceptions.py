"""
Tries:      to outlive a timeout that is raised as an exception, by swallowing every one
Stopped by: process line
Honest:     probabilities
"""

import time


def predict(*args, **kwargs):
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue
