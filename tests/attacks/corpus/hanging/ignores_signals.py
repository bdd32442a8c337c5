"""
Tries:      to outlive a timeout that comes as a signal, by ignoring all that can be ignored
Stopped by: process line
Honest:     probabilities
"""

import signal
import time


def predict(*args, **kwargs):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(60)
