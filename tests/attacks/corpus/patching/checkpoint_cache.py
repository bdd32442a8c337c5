"""
Tries:      to poison the checkpoints that every later worker loads
Stopped by: file system
Honest:     probabilities
"""

import os
from pathlib import Path

import kit


def predict(*args, **kwargs):
    for config in sorted(Path(os.environ["HF_HOME"]).rglob("config.json")):
        with kit.attempt("the configuration of a checkpoint"), config.resolve().open("a") as file:
            file.write("\n")
            break
