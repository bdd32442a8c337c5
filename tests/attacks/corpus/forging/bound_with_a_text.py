"""
Tries:      to have words and commands of its own printed, in the name of a bound that a value breaks
Stopped by: judge
Honest:     probabilities
"""

import kit

TEXT = "pages\n::error::everything is lost\n\x1b[31m" + "x" * 1000


def predict(*args, **kwargs):
    error = {"types": ["ValueError"], "message": "", "line": None, "bound": [TEXT, 5, 3]}
    kit.send({"id": kit.local("request")["id"], "error": error})
    return []
