"""
Tries:      to leave shared memory behind, which outlives the process
Stopped by: file system
Honest:     probabilities
"""

from pathlib import Path

import kit


def predict(*args, **kwargs):
    with kit.attempt("shared memory"):
        Path("/dev/shm", kit.PLACES["token"]).write_bytes(b"x" * 2**20)
