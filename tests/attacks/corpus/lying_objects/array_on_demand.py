"""
Tries:      to be whatever array is asked for, by `__array__`, `__array_ufunc__` and `__index__`
Stopped by: wire
Honest:     none
"""

import numpy as np


class Array(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        return True

    def __array_function__(self, *args, **kwargs):
        return True

    def __eq__(self, other):
        return np.True_

    __hash__ = None


class Demand:
    def __array__(self, *args, **kwargs):
        return np.ones((4, 3), dtype=np.float32).view(Array)

    def __index__(self):
        return 1

    __float__ = __int__ = __index__


def probabilities(logits, multi_label=False):
    return np.zeros(logits.shape, dtype=np.float32).view(Array)


def predict(*args, **kwargs):
    return [{"label": Demand(), "score": Demand()}]
