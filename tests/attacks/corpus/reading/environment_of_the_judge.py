"""
Tries:      to find tokens and passwords in the environment of the judge, and in its own
Stopped by: file system
Honest:     probabilities
"""

import os
from pathlib import Path

import kit


def predict(*args, **kwargs):
    secret = kit.PLACES["secret"]
    if any(secret in value for value in os.environ.values()):
        kit.reached("a secret in its own environment")
    with kit.attempt("a secret in the judge's environment"):
        Path(f"/proc/{kit.judge()}/environ").read_text().index(secret)
