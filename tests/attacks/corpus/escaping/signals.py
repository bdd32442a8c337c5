"""
Tries:      to signal the warm process, the judge, and everybody at once (signal 0, which only asks whether it may)
Stopped by: processes
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    with kit.attempt("the warm process, by a signal"):
        os.kill(kit.warm_process(), 0)
    with kit.attempt("the judge, by a signal"):
        os.kill(kit.judge(), 0)
    with kit.attempt("everybody, by a signal"):
        os.kill(-1, 0)
