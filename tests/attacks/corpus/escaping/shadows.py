"""
Tries:      to take the place of what the grader imports: modules of the same names, handed in beside it
Stopped by: process line
Honest:     probabilities
Beside:     torch.py numpy.py json.py grader.py transformers.py socket.py wire.py tokenizers.py
"""

import torch


def predict(*args, **kwargs):
    return torch.zeros(1)
