"""
Tries:      to fill the memory of the judge with a tensor that is as large as one may be, and has a row for each number
Stopped by: judge
Honest:     probabilities
"""

import torch


def predict(*args, **kwargs):
    return torch.zeros((2**25, 1), dtype=torch.uint8)
