"""
Tries:      to have the judge fill in a sparse tensor of a trillion numbers, three of which are stored
Stopped by: wire
Honest:     none
"""

import torch


def probabilities(logits, multi_label=False):
    return torch.sparse_coo_tensor([[0, 1, 2]], [1.0, 2.0, 3.0], (2**40,))


def predict(*args, **kwargs):
    return probabilities(None)
