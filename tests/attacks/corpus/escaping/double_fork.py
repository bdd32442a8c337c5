"""
Tries:      to leave a process behind that has another session, group and parent, and another name
Stopped by: processes
Honest:     probabilities
"""

import ctypes
import os
import signal
import time

import kit


def predict(*args, **kwargs):
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"systemd", 0, 0, 0)
            ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)  # no signal when the parent ends
            kit.reached("a daemon")
            time.sleep(600)
        os._exit(0)
    return []
