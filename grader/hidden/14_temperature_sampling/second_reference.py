"""A second way to 14: plain Python numbers (float64), one row at a time, and no softmax, topk or multinomial of torch.

Differs from the steps: each row is a sorted list of columns of which the first `top_k` are weighed, and a draw goes
through the columns until their running sum passes a random number. Right because both follow the definitions word by
word.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor


def distribution(
    logits: Float[Tensor, "batch vocab"], temperature: float, top_k: int | None = None
) -> Float[Tensor, "batch vocab"]:
    """Return the softmax of the logits by `temperature`, of each row over its `top_k` largest logits alone."""
    if temperature <= 0:
        raise ValueError(f"the temperature must be above 0, got {temperature}")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1, got {top_k}")
    rows = [_row(row, temperature, len(row) if top_k is None else top_k) for row in logits.tolist()]
    return torch.tensor(rows, dtype=logits.dtype)


def _row(row: list[float], temperature: float, count: int) -> list[float]:
    """Return the probabilities of one row, 0 for all but its `count` largest logits."""
    likeliest_first = sorted(range(len(row)), key=lambda column: -row[column])
    weights = [0.0] * len(row)
    for column in likeliest_first[:count]:
        weights[column] = math.exp((row[column] - row[likeliest_first[0]]) / temperature)
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def sample(
    logits: Float[Tensor, "batch vocab"],
    temperature: float,
    generator: torch.Generator,
    top_k: int | None = None,
) -> Int[Tensor, " batch"]:
    """Return one token per row: the first column at which the running sum of the row passes a number from 0 to 1."""
    drawn = []
    for row in distribution(logits, temperature, top_k).tolist():
        number = torch.rand((), generator=generator, dtype=torch.float64).item() * math.fsum(row)
        possible = [column for column, probability in enumerate(row) if probability > 0]
        passed = 0.0
        for column in possible:
            passed += row[column]
            if passed > number:
                break
        drawn.append(column)
    return torch.tensor(drawn)
