"""
Tries:      to answer its own call by a frame, and again by returning, so that one reply is left for the next question
Stopped by: wire
Honest:     probabilities
"""

import kit


def predict(*args, **kwargs):
    kit.send({"id": kit.local("request")["id"], "value": [{"label": "POS", "score": 1.0}]})
    return [{"label": "POS", "score": 1.0}]
