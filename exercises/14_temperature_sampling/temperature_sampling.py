"""Temperature and top-k sampling: draw the next token instead of always taking the likeliest one."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor


def distribution(
    logits: Float[Tensor, "batch vocab"], temperature: float, top_k: int | None = None
) -> Float[Tensor, "batch vocab"]:
    """Return the probabilities from which the next token of each row is drawn.

    They are the softmax of the logits divided by `temperature`: a low temperature makes likely tokens likelier, a high
    one makes all tokens more alike. With `top_k`, only the `top_k` tokens with the largest logits of each row can be
    drawn: every other token has probability 0, and those that are left sum to 1. Of equal logits at
    the border any may be kept. A `top_k` of vocab or more rules out nothing.

    Shapes:  one row per text; each token keeps its column, and the result has the shape of `logits`.
    Units:   probabilities, from 0 to 1; finite also for logits of ±1000.
    Errors:  `ValueError` if `temperature` is 0 or negative, or `top_k` is less than 1.
    Effects: none; `logits` is left unchanged.
    Source:  https://huggingface.co/docs/transformers/generation_strategies (sampling)
    """
    # TODO 1: reject a temperature, or a top_k, that makes no sense (about 4 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: the temperature (about 1 line).
    raise NotImplementedError("TODO 2")
    # TODO 3: with `top_k`, rule out all other tokens of each row: which logit has probability 0? (about 3 lines).
    raise NotImplementedError("TODO 3")
    # TODO 4: the probabilities of each row (about 1 line).
    raise NotImplementedError("TODO 4")


def sample(
    logits: Float[Tensor, "batch vocab"],
    temperature: float,
    generator: torch.Generator,
    top_k: int | None = None,
) -> Int[Tensor, " batch"]:
    """Return one token id for each row, drawn from `distribution(logits, temperature, top_k)`.

    All that is random comes from `generator`: the same generator in the same state gives the same tokens, whatever
    happened to torch's global generator. Each row has a draw of its own.

    Shapes:  one id per row, without a further dimension.
    Dtype:   integers, as token ids are.
    Errors:  those of `distribution`.
    Effects: `generator` moves on; `logits` and torch's global generator are left as they were.
    Source:  https://docs.pytorch.org/docs/stable/generated/torch.multinomial.html
    """
    # TODO 5: draw one token of each row (about 2 lines).
    raise NotImplementedError("TODO 5")
