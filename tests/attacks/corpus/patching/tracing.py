"""
Tries:      to watch and change the worker from a trace function, and to end each call where it likes
Stopped by: process line
Honest:     probabilities
"""

import sys
import threading


def trace(frame, event, argument):
    if frame.f_code.co_name in ("to_plain", "encode", "send") and event == "call":
        frame.f_locals["value"] = True
        sys.stdout.write(f"at {frame.f_code.co_name}\n")
    return trace


threading.settrace(trace)


def predict(*args, **kwargs):
    frame = sys._getframe()
    sys.settrace(trace)
    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back
    return []
