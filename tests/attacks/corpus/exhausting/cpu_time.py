"""
Tries:      to hold on to the processor with native code in many threads at once
Stopped by: process line
Honest:     probabilities
"""

import torch


def predict(*args, **kwargs):
    torch.set_num_threads(8)
    held = torch.ones(2000, 2000)
    while True:
        held = held @ held
