"""
Tries:      to fill the memory of the judge with a tensor that has no bytes: sixty million rows of nothing
Stopped by: wire
Honest:     probabilities
"""

import kit

TENSOR = {"$": "tensor", "dtype": "float32", "shape": [2**26, 0], "buffer": 0}


def predict(*args, **kwargs):
    tree = {"$": "dict", "v": [["id", kit.local("request")["id"]], ["value", TENSOR]]}
    kit.send_raw({"v": tree, "b": [0]})
    return []
