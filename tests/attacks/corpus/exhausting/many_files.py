"""
Tries:      to fill the disk with many files below the limit of one
Stopped by: bounded folder
Honest:     probabilities
"""

from pathlib import Path

import kit

block = b"x" * (16 * 2**20)
for number in range(20):
    Path(f"block{number}").write_bytes(block)
kit.reached("320 MiB of files")


def predict(*args, **kwargs):
    return []
