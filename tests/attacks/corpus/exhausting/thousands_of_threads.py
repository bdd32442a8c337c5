"""
Tries:      to take every entry of the process table, by threads
Stopped by: own user
Honest:     probabilities
"""

import threading

import kit


def predict(*args, **kwargs):
    threading.stack_size(2**16)
    hold = threading.Event()
    try:
        for _ in range(1000):
            threading.Thread(target=hold.wait, daemon=True).start()
    except RuntimeError:
        return
    kit.reached("1000 threads")
