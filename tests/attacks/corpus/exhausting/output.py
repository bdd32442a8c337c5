"""
Tries:      to fill the disk of the grader with printed text
Stopped by: limits
Honest:     probabilities
"""

import kit


def predict(*args, **kwargs):
    for _ in range(64):
        print("x" * 2**20)
    kit.reached("64 MiB of output")
