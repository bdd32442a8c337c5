"""
Tries:      to fill the disk with one file
Stopped by: limits
Honest:     probabilities
"""

import os
import signal

import kit


def predict(*args, **kwargs):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with kit.attempt("a file of 1 TiB"):
        os.truncate(os.open("large", os.O_CREAT | os.O_RDWR), 2**40)
