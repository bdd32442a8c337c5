"""Every name of every weight, told apart by the memory it lies in; shapes multiplied; bits of the dtype."""

import math

import torch


def _stored(module):
    named = module.named_parameters(remove_duplicate=False)
    return {weight.data_ptr(): weight for _, weight in named}.values()


def count(model):
    return torch.tensor(sum(math.prod(weight.shape) for weight in _stored(model)))


def count_trainable(model):
    total = 0
    for weight in _stored(model):
        total += math.prod(weight.shape) * int(weight.requires_grad)
    return total


def size_in_mib(model):
    bits = sum(math.prod(weight.shape) * torch.finfo(weight.dtype).bits for weight in _stored(model))
    return torch.tensor(bits / 8 / (1 << 20), dtype=torch.float64)


def by_module(model):
    return {name: int(count(child)) for name, child in model.named_children()}
