"""
Tries:      to learn whether a hidden file is there, and how large it is (`stat` is not covered by Landlock)
Stopped by: nothing
Honest:     probabilities
"""

import kit


def predict(*args, **kwargs):
    suite = kit.repository() / "grader" / "hidden" / "04_softmax_predictions" / "suite.py"
    with kit.attempt("the size of the hidden suite"):
        suite.stat()
