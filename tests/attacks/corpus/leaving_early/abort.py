"""
Tries:      to crash the process by abort()
Stopped by: process line
Honest:     probabilities
"""

import os


def predict(*args, **kwargs):
    os.abort()
