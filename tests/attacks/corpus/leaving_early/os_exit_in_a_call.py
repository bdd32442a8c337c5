"""
Tries:      to end the process with exit code 0 in the middle of a call
Stopped by: process line
Honest:     probabilities
"""

import os


def predict(*args, **kwargs):
    os._exit(0)
