"""
Tries:      to leave a process behind that goes on when the grade is given
Stopped by: processes
Honest:     probabilities
"""

import os
import time

import kit

if os.fork() == 0:
    kit.reached("a process in the background")
    time.sleep(600)
    os._exit(0)


def predict(*args, **kwargs):
    return []
