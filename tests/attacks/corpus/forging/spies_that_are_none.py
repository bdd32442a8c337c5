"""
Tries:      to have the judge fall over what a suite reads of the forward passes: records that are none
Stopped by: judge
Honest:     probabilities
"""

import kit


def predict(*args, **kwargs):
    reply = {"id": kit.local("request")["id"], "value": [], "changed": 5, "forwards": [1, {}], "written": [[]]}
    kit.send(reply)
    return []
