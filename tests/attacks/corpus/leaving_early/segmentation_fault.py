"""
Tries:      to crash the process by reading address 0
Stopped by: process line
Honest:     probabilities
"""

import ctypes


def predict(*args, **kwargs):
    ctypes.string_at(0)
