"""
Tries:      to have the judge copy a gigabyte that takes no memory here: a view of one number
Stopped by: wire
Honest:     probabilities
"""

import torch


def predict(*args, **kwargs):
    return torch.zeros(1).expand(2**40)
