"""
Tries:      to look alive for ever, by a reply that comes byte by byte and never ends
Stopped by: wire
Honest:     probabilities
"""

import os
import struct
import time


def predict(*args, **kwargs):
    os.write(3, struct.pack("!4sIQ", b"GRD1", 1_000_000, 0))
    while True:
        os.write(3, b" ")
        time.sleep(0.02)
