"""
Tries:      to take the answer of another student out of everybody's reach, by its mode and by its name
Stopped by: file system
Honest:     probabilities
"""

import contextlib
import os
from pathlib import Path

import kit


def predict(*args, **kwargs):
    victim = Path(kit.PLACES["victim"])
    with contextlib.suppress(OSError):
        os.chmod(victim / "notes.txt", 0)  # what came of it, the session looks up
    with contextlib.suppress(OSError):
        os.utime(victim / "notes.txt", (1, 1))
    with kit.attempt("another name for the file of another student"):
        (victim / "notes.txt").rename(victim / "elsewhere.txt")
