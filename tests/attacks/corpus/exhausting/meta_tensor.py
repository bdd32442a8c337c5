"""
Tries:      to have the judge read a tensor that has no numbers, of a size that nothing has
Stopped by: wire
Honest:     none
"""

import torch


def probabilities(logits, multi_label=False):
    return torch.empty(2**60, device="meta")


def predict(*args, **kwargs):
    return torch.empty((4, 3), device="meta")
