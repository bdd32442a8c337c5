"""
Tries:      to spoil the answer of another student
Stopped by: file system
Honest:     probabilities
"""

from pathlib import Path

import kit


def predict(*args, **kwargs):
    with kit.attempt("the answer of another student"):
        Path(kit.PLACES["victim"], "softmax_predictions.py").write_text("raise SystemExit\n")
