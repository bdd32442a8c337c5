"""
Tries:      to send a reply with every point to whoever listens at the other end of any open descriptor
Stopped by: wire
Honest:     probabilities
"""

import contextlib
import os

from grader import wire


def predict(*args, **kwargs):
    frame = wire.encode({"id": 1, "value": True, "status": "passed", "score": 11})
    for descriptor in range(64):
        with contextlib.suppress(OSError):
            os.write(descriptor, frame)
    return []
