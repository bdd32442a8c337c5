"""
Tries:      to take more memory than there is with a single tensor
Stopped by: limits
Honest:     probabilities
"""

import kit
import torch


def predict(*args, **kwargs):
    held = torch.ones(8 * 2**30, dtype=torch.uint8)
    kit.reached("8 GiB of memory")
    return held
