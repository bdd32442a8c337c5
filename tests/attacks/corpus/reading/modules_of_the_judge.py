"""
Tries:      to import the judge, the hidden suites and the solutions
Stopped by: file system
Honest:     probabilities
"""

import importlib
import sys

import kit


def predict(*args, **kwargs):
    sys.path.insert(0, str(kit.repository()))
    for loaded in [name for name in sys.modules if name.split(".")[0] == "grader"]:
        del sys.modules[loaded]
    for name in ("grader.judge.suite", "grader.hidden", "grader.judge.bank"):
        with kit.attempt(f"the module {name}"):
            importlib.import_module(name)
