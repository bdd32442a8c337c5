"""
Tries:      to change installed packages, for every later run: a `.pth` file, `sitecustomize`, torch itself
Stopped by: file system
Honest:     probabilities
"""

import os
import sysconfig
from pathlib import Path

import kit
import torch


def predict(*args, **kwargs):
    site = Path(sysconfig.get_path("purelib"))
    with kit.attempt("a file that every start of Python runs"):
        # Removed at once: it would be run by whoever starts Python next.
        path = site / f"{kit.PLACES['token']}.txt"
        path.touch()
        path.unlink()
    with kit.attempt("torch's own code, open for writing"):
        os.close(os.open(torch.__file__, os.O_WRONLY | os.O_APPEND))
