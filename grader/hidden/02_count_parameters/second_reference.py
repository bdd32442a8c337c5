"""A second reference: a walk through the tree of modules by hand, with each weight remembered by its identity.

Neither `parameters()` nor `numel()` nor `element_size()` is used: sizes are products of sides, bytes are bits by 8.
"""

from __future__ import annotations

import torch
from torch import nn
from transformers import PreTrainedModel


def weights_of(module: nn.Module) -> list[nn.Parameter]:
    """Return each weight of the module and of all modules inside it, once, however often it is shared."""
    found: dict[int, nn.Parameter] = {}
    waiting = [module]
    while waiting:
        current = waiting.pop()
        for weight in current._parameters.values():
            if weight is not None:
                found[id(weight)] = weight
        waiting += [child for child in current._modules.values() if child is not None]
    return list(found.values())


def numbers_in(weight: torch.Tensor) -> int:
    """Return how many numbers a weight has: the product of its sides."""
    product = 1
    for side in weight.shape:
        product = product * side
    return product


def count(model: PreTrainedModel) -> int:
    """Return how many parameters the model has: the numbers in all its weights."""
    total = 0
    for weight in weights_of(model):
        total = total + numbers_in(weight)
    return total


def count_trainable(model: PreTrainedModel) -> int:
    """Return how many of the parameters training would change: those of the weights that are not frozen."""
    total = 0
    for weight in weights_of(model):
        if weight.requires_grad:
            total = total + numbers_in(weight)
    return total


def size_in_mib(model: PreTrainedModel) -> float:
    """Return the memory that the weights take, each in its own dtype, in MiB."""
    bits = 0
    for weight in weights_of(model):
        kind = torch.finfo(weight.dtype) if weight.dtype.is_floating_point else torch.iinfo(weight.dtype)
        bits = bits + numbers_in(weight) * kind.bits
    return bits / 8 / 2**20


def by_module(model: PreTrainedModel) -> dict[str, int]:
    """Return the parameters of each direct child of the model by its name."""
    sizes: dict[str, int] = {}
    seen: set[int] = set()
    for name, child in model._modules.items():
        if child is not None and id(child) not in seen:
            seen.add(id(child))
            sizes[name] = sum(numbers_in(weight) for weight in weights_of(child))
    return sizes
