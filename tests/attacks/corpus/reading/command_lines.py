"""
Tries:      to learn from the process table who else runs, and with which arguments
Stopped by: file system
Honest:     probabilities
"""

from pathlib import Path

import kit


def predict(*args, **kwargs):
    with kit.attempt("the command line of the judge"):
        Path(f"/proc/{kit.judge()}/cmdline").read_text()
