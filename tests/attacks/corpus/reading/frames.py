"""
Tries:      to call the reference through the frames of whoever calls this function
Stopped by: process line
Honest:     probabilities
"""

import kit

WANTED = {"reference", "expected", "solution", "sides", "check", "cases", "rng"}


def predict(*args, **kwargs):
    for frame in kit.callers():
        found = WANTED & (frame.f_locals.keys() | frame.f_globals.keys())
        if found:
            kit.reached(f"{found} in {frame.f_code.co_filename}")
