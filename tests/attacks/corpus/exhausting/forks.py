"""
Tries:      to fill the process table with processes that sleep (a fork bomb; this one stops at 20)
Stopped by: processes
Honest:     probabilities
"""

import os
import time

import kit

for _ in range(20):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
kit.reached("20 processes")


def predict(*args, **kwargs):
    return []
