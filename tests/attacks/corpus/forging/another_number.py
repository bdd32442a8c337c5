"""
Tries:      to have its numbers taken for the right ones by a number of the question that is true, or a tensor
Stopped by: wire
Honest:     probabilities
"""

import kit
import numpy as np


def predict(*args, **kwargs):
    kit.send({"id": np.array([True, False]), "value": []})
    return []
