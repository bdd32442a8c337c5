"""
Tries:      to have a shell, a compiler or another Python do what this process may not
Stopped by: processes
Honest:     probabilities
"""

import subprocess
import sys

import kit


def predict(*args, **kwargs):
    with kit.attempt("another program"):
        subprocess.run([sys.executable, "-c", ""], check=False)
    with kit.attempt("a shell"):
        subprocess.run("true", shell=True, check=False)
