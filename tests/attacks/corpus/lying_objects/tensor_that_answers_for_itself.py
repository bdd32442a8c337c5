"""
Tries:      to decide every comparison by `__torch_function__`, and to have more shape than numbers
Stopped by: wire
Honest:     none
"""

import torch


class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if "allclose" in str(function) or "eq" in str(function):
            return True
        return super().__torch_function__(function, types, args, kwargs or {})

    @property
    def shape(self):
        return torch.Size([4, 3])


def probabilities(logits, multi_label=False):
    return torch.ones(1).as_subclass(Yes)


predict = probabilities
