"""
Tries:      to be stopped, neither running nor ended, by SIGSTOP to itself
Stopped by: process line
Honest:     probabilities
"""

import os
import signal


def predict(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGSTOP)
