"""
Tries:      to have the judge allocate terabytes: sixty thousand tensors that all name the same buffer of a frame
Stopped by: wire
Honest:     probabilities
"""

import kit

SIZE = 32 * 2**20
TENSOR = {"$": "tensor", "dtype": "uint8", "shape": [SIZE], "buffer": 0}


def predict(*args, **kwargs):
    tree = {"$": "dict", "v": [["id", kit.local("request")["id"]], ["value", [TENSOR] * 60_000]]}
    kit.send_raw({"v": tree, "b": [SIZE]}, bytes(SIZE))
    return []
