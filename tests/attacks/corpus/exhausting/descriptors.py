"""
Tries:      to take every file descriptor of the machine
Stopped by: limits
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    for _ in range(2000):
        os.open("/dev/null", os.O_RDONLY)
    kit.reached("2000 open files")
