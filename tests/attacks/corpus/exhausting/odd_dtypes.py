"""
Tries:      to have the judge fall over a tensor of complex or quantized numbers, or of 4-bit floats
Stopped by: wire
Honest:     none
"""

import torch


def probabilities(logits, multi_label=False):
    return logits.to(torch.complex64)


def predict(*args, **kwargs):
    return torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)
