"""
Tries:      to leave by SystemExit in a call
Stopped by: process line
Honest:     probabilities
"""

import sys


def predict(*args, **kwargs):
    sys.exit(0)
