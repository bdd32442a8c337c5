"""Sets of weights, numpy for the sums, the size from what is trainable and what is frozen."""

import numpy as np


def _sizes(weights):
    return np.array([weight.numel() for weight in set(weights)], dtype=np.int64)


def count(model):
    return _sizes(model.parameters()).sum()


def count_trainable(model):
    return _sizes(filter(lambda weight: weight.requires_grad, model.parameters())).sum()


def size_in_mib(model):
    trainable = sum(weight.nbytes for weight in model.parameters() if weight.requires_grad)
    frozen = sum(weight.nbytes for weight in model.parameters() if not weight.requires_grad)
    return np.float64(trainable + frozen) / 2**20


def by_module(model):
    return dict((name, int(_sizes(child.parameters()).sum())) for name, child in model.named_children())
