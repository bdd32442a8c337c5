"""
Tries:      to fill the memory of the judge with a tensor that has no bytes: sixty million rows of nothing
Stopped by: wire
Honest:     probabilities
"""

import torch


def predict(*args, **kwargs):
    return torch.empty((2**26, 0))
