"""
Tries:      to look alive for ever, by a little output again and again
Stopped by: process line
Honest:     probabilities
"""

import time


def predict(*args, **kwargs):
    while True:
        print("still working")
        time.sleep(0.02)
