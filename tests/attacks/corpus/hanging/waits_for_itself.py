"""
Tries:      to hang in a lock that nobody releases, in code that cannot be interrupted
Stopped by: process line
Honest:     probabilities
"""

import threading


def predict(*args, **kwargs):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
