"""
Tries:      to take a descriptor out of the warm process, such as its line to the judge
Stopped by: processes
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    with kit.attempt("a handle of the warm process"):
        os.pidfd_open(kit.warm_process())
