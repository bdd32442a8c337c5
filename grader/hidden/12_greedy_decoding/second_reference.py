"""A second reference: ids are a Python list, and the rest of a text is what follows one token more.

Each step reads all tokens so far from the beginning, without a cache, and looks for the largest logit by hand.
"""

from __future__ import annotations

import torch
from jaxtyping import Int
from torch import Tensor
from transformers import PreTrainedModel


def likeliest_after(model: PreTrainedModel, tokens: list[int]) -> int:
    """Return the token with the largest logit after all these tokens."""
    row = model(torch.tensor([tokens]), use_cache=False, return_dict=False)[0].tolist()[0][-1]
    return row.index(max(row))


def continued(model: PreTrainedModel, tokens: list[int], left: int, eos: int | None) -> list[int]:
    """Return the tokens, and behind them at most `left` more."""
    if left == 0:
        return tokens
    token = likeliest_after(model, tokens)
    if token == eos:
        return [*tokens, token]
    return continued(model, [*tokens, token], left - 1, eos)


def greedy(
    model: PreTrainedModel,
    ids: Int[Tensor, "1 seq"],
    max_new_tokens: int,
    eos: int | None = None,
) -> Int[Tensor, "1 longer"]:
    """Return the prompt `ids` and what the model continues it with, always by the likeliest next token."""
    model.eval()
    return torch.tensor([continued(model, ids[0].tolist(), max_new_tokens, eos)], dtype=ids.dtype)
