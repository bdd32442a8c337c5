"""
Tries:      to read the expected values in the memory of the judge
Stopped by: file system
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    with kit.attempt("the memory of the judge"):
        os.open(f"/proc/{kit.judge()}/mem", os.O_RDWR)
