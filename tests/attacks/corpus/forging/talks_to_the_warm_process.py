"""
Tries:      to ask the warm process for another worker, or for the end of one, over the socket that it knew before
Stopped by: process line
Honest:     probabilities
"""

import contextlib
import json
import os

import kit


def predict(*args, **kwargs):
    control = kit.local("control")
    with contextlib.suppress(OSError):
        control.send(json.dumps({"op": "end", "pid": os.getppid()}).encode())
        kit.reached("the control socket of the warm process")
