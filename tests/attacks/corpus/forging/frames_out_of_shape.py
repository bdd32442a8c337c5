"""
Tries:      to have the judge fall over frames that break the format in a dozen ways, one for each call
Stopped by: wire
Honest:     none
"""

import os
import struct

import kit

HEAD = struct.Struct("!4sIQ")
FRAMES = [
    b"HTTP/1.1 200 OK\r\n\r\n" * 10,
    HEAD.pack(b"GRD1", 2**32 - 1, 0),
    HEAD.pack(b"GRD1", 2, 2**64 - 1) + b"{}",
    HEAD.pack(b"GRD1", 100_000, 0) + b"[" * 100_000,
    HEAD.pack(b"GRD1", 20, 0) + b"\xff" * 20,
    HEAD.pack(b"GRD1", 0, 0),
]
DOCUMENTS = [
    {"v": {"$": "tensor", "dtype": "float32", "shape": [2**40, 2**40], "buffer": 0}, "b": [0]},
    {"v": {"$": "tensor", "dtype": "object", "shape": [1], "buffer": 0}, "b": [8]},
    {"v": {"$": "made", "maker": "os.system", "v": []}, "b": []},
    {"v": {"$": "pickle", "v": "gASVIQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjARkb25llIWUUpQu"}, "b": []},
    {"v": [1], "b": [-1, 1]},
]
count = 0


def probabilities(*args, **kwargs):
    global count
    count += 1
    if count % 2:
        os.write(3, FRAMES[kit.local("request")["seed"] % len(FRAMES)])
    else:
        kit.send_raw(DOCUMENTS[kit.local("request")["seed"] % len(DOCUMENTS)], b"\0" * 8)


predict = probabilities
