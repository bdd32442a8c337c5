"""A second way to 23: each prompt is continued alone, without its padding, with a cache of its own.

Differs from the steps: no batch, so there is no mask to grow, and a position is the number of tokens that were read
before. Right because a prompt alone has no padding that could move a position or be looked at.
"""

from __future__ import annotations

import torch
from jaxtyping import Int
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel


def positions(mask: Int[Tensor, "batch seq"]) -> Int[Tensor, "batch seq"]:
    """Return the position of each token in its own text, 0 for padding."""
    rows = []
    for row in mask.tolist():
        before, places = 0, []
        for real in row:
            places.append(before if real else 0)
            before += real
        rows.append(places)
    return torch.tensor(rows)


def greedy_cached(
    model: PreTrainedModel, ids: Int[Tensor, "batch seq"], mask: Int[Tensor, "batch seq"], max_new_tokens: int
) -> tuple[Int[Tensor, "batch new"], list[int]]:
    """Return the greedy continuation of each prompt, and how many places of the batch were read at each step."""
    model.eval()
    texts = []
    for row, real in zip(ids.tolist(), mask.tolist(), strict=True):
        fed = [token for token, flag in zip(row, real, strict=True) if flag]
        cache, seen = DynamicCache(config=model.config), 0
        written: list[int] = []
        while len(written) < max_new_tokens:
            with torch.inference_mode():
                logits = model(
                    input_ids=torch.tensor([fed]),
                    position_ids=torch.arange(seen, seen + len(fed))[None],
                    past_key_values=cache,
                    use_cache=True,
                    return_dict=False,
                )[0]
            seen += len(fed)
            fed = [int(logits[0, -1].argmax())]
            written += fed
        texts.append(written)
    return torch.tensor(texts), [ids.shape[1]] + [1] * (max_new_tokens - 1)
