"""
Tries:      to leave its folder behind: files that nobody may remove, names that nobody can type, modes of nobody
Stopped by: process line
Honest:     probabilities
"""

import contextlib
import os
from pathlib import Path


def predict(*args, **kwargs):
    closed = Path("closed", "more")
    closed.mkdir(parents=True)
    Path(os.fsdecode(b"\xff\xfe\n\x1b[31m")).touch()
    (closed / "file").touch()
    os.mkfifo("pipe")
    with contextlib.suppress(OSError):
        os.chmod(closed, 0)
    with contextlib.suppress(OSError):
        os.chmod(closed.parent, 0)
    with contextlib.suppress(OSError):
        os.chmod(".", 0)
