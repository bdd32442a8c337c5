"""A second way to 19: one text at a time without padding, float64 lists of numbers, and loops instead of matrices.

Differs from the steps: the model never sees padding, the real tokens are picked out before their mean is taken, and
each cosine is computed from its own pair of vectors. Right because each loop is the definition of its number.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def mean_pool(
    hidden: Float[Tensor, "batch seq hidden"], mask: Int[Tensor, "batch seq"]
) -> Float[Tensor, "batch hidden"]:
    """Return the mean of the token vectors that each row's mask picks out, zeros where it picks none."""
    means = []
    for vectors, real in zip(hidden.tolist(), mask.tolist(), strict=True):
        picked = [vector for vector, flag in zip(vectors, real, strict=True) if flag == 1]
        columns = zip(*picked, strict=True) if picked else [[0.0]] * hidden.shape[-1]
        means.append([math.fsum(column) / len(column) for column in map(list, columns)])
    return torch.tensor(means, dtype=hidden.dtype)


def embed(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> Float[Tensor, "batch hidden"]:
    """Return the mean of the last hidden states of each text, which the model reads alone."""
    model.eval()
    vectors = []
    for text in texts:
        ids = tokenizer(text, truncation=True)["input_ids"]
        with torch.inference_mode():
            states = model(torch.tensor([ids]), return_dict=False)[0]
        vectors.append([math.fsum(column) / len(ids) for column in states[0].T.tolist()])
    return torch.tensor(vectors)


def _cosine(x: list[float], y: list[float]) -> float:
    """Return the cosine of two vectors, 0 where one of them is all zeros."""
    lengths = math.hypot(*x) * math.hypot(*y)
    return math.fsum(p * q for p, q in zip(x, y, strict=True)) / lengths if lengths > 0 else 0.0


def similarity(a: Float[Tensor, "n hidden"], b: Float[Tensor, "m hidden"]) -> Float[Tensor, "n m"]:
    """Return the cosine of each row of `a` with each row of `b`."""
    return torch.tensor([[_cosine(x, y) for y in b.tolist()] for x in a.tolist()])


def most_similar(queries: Float[Tensor, "n hidden"], candidates: Float[Tensor, "m hidden"]) -> list[int]:
    """Return the index of the candidate whose cosine with each query is the largest."""
    found = []
    for query in queries.tolist():
        cosines = [_cosine(query, candidate) for candidate in candidates.tolist()]
        found.append(cosines.index(max(cosines)))
    return found
