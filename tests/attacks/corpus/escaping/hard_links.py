"""
Tries:      to make the file of another student its own, by a hard link and by moving it here
Stopped by: file system
Honest:     probabilities
"""

import os
from pathlib import Path

import kit


def predict(*args, **kwargs):
    with kit.attempt("a hard link to the file of another student"):
        os.link(Path(kit.PLACES["victim"], "notes.txt"), "mine.txt")
