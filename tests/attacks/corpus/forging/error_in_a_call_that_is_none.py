"""
Tries:      to have the judge fall over the description of an error that is only a text
Stopped by: judge
Honest:     probabilities
"""

import kit


def predict(*args, **kwargs):
    kit.send({"id": kit.local("request")["id"], "error": "a text"})
    return []
