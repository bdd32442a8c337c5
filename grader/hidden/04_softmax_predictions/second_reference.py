"""A second reference: `math.exp` on Python floats, one number at a time, and one text at a time through the model.

The exponentials are those of the definition; only numbers of 0 or less are ever exponentiated, so none overflows.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def compete(row: list[float]) -> list[float]:
    """Return the softmax of a row of numbers."""
    largest = max(row)
    powers = [math.exp(number - largest) for number in row]
    return [power / math.fsum(powers) for power in powers]


def alone(number: float) -> float:
    """Return the logistic function of one number."""
    if number >= 0:
        return 1 / (1 + math.exp(-number))
    return math.exp(number) / (1 + math.exp(number))


def probabilities(logits: Float[Tensor, "batch labels"], multi_label: bool = False) -> Float[Tensor, "batch labels"]:
    """Return the probability of each label in each row: competing in its row, or each alone."""
    rows = [[alone(number) for number in row] if multi_label else compete(row) for row in logits.tolist()]
    return torch.tensor(rows, dtype=logits.dtype).reshape(logits.shape)


def predict(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: list[str],
    threshold: float = 0.5,
) -> list[dict[str, str | float]]:
    """Return the label and the score of each text, in order, asked one text at a time."""
    model.eval()
    found: list[dict[str, str | float]] = []
    for text in texts:
        row = model(**tokenizer(text, return_tensors="pt"), return_dict=False)[0][0].tolist()
        if len(row) == 1:
            score = alone(row[0])
            found.append({"label": model.config.id2label[0] if score >= threshold else "NONE", "score": score})
            continue
        best = 0
        for label in range(len(row)):
            if row[label] > row[best]:
                best = label
        found.append({"label": model.config.id2label[best], "score": compete(row)[best]})
    return found
