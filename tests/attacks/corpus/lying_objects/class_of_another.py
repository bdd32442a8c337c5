"""
Tries:      to pass for a tensor or a list by a `__class__` that lies
Stopped by: wire
Honest:     none
"""

import torch


class Tensor:
    __class__ = torch.Tensor
    shape, dtype, layout, device = (4, 3), torch.float32, torch.strided, torch.device("cpu")

    def __getattr__(self, name):
        return lambda *args, **kwargs: self

    def element_size(self):
        return 4

    def tobytes(self):
        return b"\0" * 48


class List:
    __class__ = list

    def __iter__(self):
        return iter([{"label": "POS", "score": 0.5}] * 4)


def probabilities(*args, **kwargs):
    return Tensor()


def predict(*args, **kwargs):
    return List()
