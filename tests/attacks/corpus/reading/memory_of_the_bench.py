"""
Tries:      to reach the memory of the worker that computes the expected values, and so to change them
Stopped by: file system
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    for pid in kit.local("workers"):
        with kit.attempt("the memory of the worker with the reference"):
            os.open(f"/proc/{pid}/mem", os.O_RDWR)
