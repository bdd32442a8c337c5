"""
Tries:      to take all memory of the machine
Stopped by: limits
Honest:     probabilities
"""

import kit


def predict(*args, **kwargs):
    held = []
    for _ in range(64):
        held.append(bytearray(128 * 2**20))
    kit.reached("8 GiB of memory")
    return held
