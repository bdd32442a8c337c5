"""
Tries:      to take memory by an anonymous file, which no limit of the process counts
Stopped by: processes
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    with kit.attempt("memory in an anonymous file"):
        os.write(os.memfd_create("more"), b"x" * 2**20)
