"""
Tries:      to rewrite the worker's code on disk, for the workers of other students
Stopped by: file system
Honest:     probabilities
"""

import os
import sys
from pathlib import Path

import kit


def predict(*args, **kwargs):
    for place in (sys.modules["grader.wire"].__file__, kit.repository() / "grader" / "judge" / "compare.py"):
        with kit.attempt("the grader's code, open for writing"):
            os.close(os.open(Path(place), os.O_WRONLY | os.O_APPEND))
