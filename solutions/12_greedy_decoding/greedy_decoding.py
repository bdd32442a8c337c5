"""Greedy decoding by hand: let a causal language model continue a prompt, one token at a time."""

from __future__ import annotations

import torch
from jaxtyping import Int
from torch import Tensor
from transformers import PreTrainedModel


def greedy(
    model: PreTrainedModel,
    ids: Int[Tensor, "1 seq"],
    max_new_tokens: int,
    eos: int | None = None,
) -> Int[Tensor, "1 longer"]:
    """Return the prompt `ids` and what the model continues it with, always by the likeliest next token.

    Each new token is the one with the largest logit after all tokens so far: the prompt and the new ones. Generation
    ends once the new token is `eos`, which is kept as the last token of the result, and after `max_new_tokens` new
    tokens at the latest. Without `eos` (None) only the number of tokens ends it. An `eos` inside the prompt ends
    nothing.

    The model can arrive in training mode; generation uses no dropout and needs no gradients.

    Shapes:  one prompt of seq tokens, 1 or more; the result has at most seq + `max_new_tokens`.
    Dtype:   integer ids, as the tokenizer returns them.
    Errors:  none; with `max_new_tokens` 0 the result is the prompt.
    Effects: `ids` is left unchanged; the model may be left in evaluation mode, its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/generation_strategies (greedy search)
    """
    # TODO 1: evaluation mode (1 line).
    model.eval()
    # GIVEN
    for _ in range(max_new_tokens):
        # TODO 2: the logits of all the ids so far, without gradients (about 2 lines).
        with torch.no_grad():
            logits = model(ids).logits
        # TODO 3: the likeliest token after the last of them, with the shape (1, 1) (about 1 line).
        best = logits[:, -1].argmax(dim=-1, keepdim=True)
        # TODO 4: that token behind the others (about 1 line).
        ids = torch.cat([ids, best], dim=1)
        # TODO 5: the end, where it is `eos` (about 2 lines).
        if best.item() == eos:
            break
    return ids
