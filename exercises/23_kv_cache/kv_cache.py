"""The cache of keys and values: generate for a batch without reading any token twice."""

from __future__ import annotations

import torch
from jaxtyping import Int
from torch import Tensor
from transformers import PreTrainedModel


def positions(mask: Int[Tensor, "batch seq"]) -> Int[Tensor, "batch seq"]:
    """Return the position of each token in its own text: the first real token has 0, the next one 1, and so on.

    Padding is no token of the text, wherever it stands: it moves no position, and its own is 0.

    Shapes:  one position for each place of `mask`, which is 1 for a token and 0 for padding.
    Dtype:   integer positions.
    Errors:  none.
    Effects: none; `mask` is left unchanged.
    Source:  https://huggingface.co/docs/transformers/glossary#position-ids
    """
    # TODO 1: how many tokens of the text stand before each place; 0 at padding (about 2 lines).
    raise NotImplementedError("TODO 1")


def greedy_cached(
    model: PreTrainedModel, ids: Int[Tensor, "batch seq"], mask: Int[Tensor, "batch seq"], max_new_tokens: int
) -> tuple[Int[Tensor, "batch new"], list[int]]:
    """Return the greedy continuation of each prompt, and how many places of a text the model read at each step.

    The model keeps the keys and values of what it has read in a cache. At the first step it reads the whole prompts; at
    each later one only the newest token of each text. The result is the one without a cache: each new token has the
    largest logit after all real tokens before it, by their positions in their own text. No token ends a text here.
    What the model read at a step is the width of what it was given: seq at the first, padding included, then 1.

    Prompts are padded on the left, so that the last token of every prompt stands at the end. The model does not work
    out positions from the mask: it must be told (`position_ids`). It can arrive in training mode; generation uses no
    dropout and needs no gradients.

    Shapes:  batch prompts; exactly `max_new_tokens` new tokens each, 1 or more; as many numbers in the list.
    Dtype:   integer ids, without the prompts.
    Errors:  none.
    Effects: `ids` and `mask` are left unchanged; the model may be left in evaluation mode.
    Source:  https://huggingface.co/docs/transformers/cache_explanation
    """
    # TODO 2: evaluation mode; what the model reads first, and the positions of that (about 3 lines).
    raise NotImplementedError("TODO 2")
    cache, written, read = None, [], []
    for _ in range(max_new_tokens):
        # TODO 3: let the model read `fed`, with mask, positions and cache, without gradients (about 4 lines).
        raise NotImplementedError("TODO 3")
        # TODO 4: note how wide that was; keep the cache; the likeliest next tokens, (batch, 1) (about 4 lines).
        raise NotImplementedError("TODO 4")
        # TODO 5: what the model reads next; a mask for everything up to there; the new positions (about 3 lines).
        raise NotImplementedError("TODO 5")
    return torch.cat(written, dim=1), read
