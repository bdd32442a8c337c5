"""Top-p sampling: draw from the likeliest tokens that together reach the probability p."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def kept_tokens(logits: Float[Tensor, "batch vocab"], p: float) -> Bool[Tensor, "batch vocab"]:
    """Return which tokens of each row top-p keeps: the fewest likeliest ones whose probabilities sum to `p` or more.

    Go through the tokens of a row from the likeliest down: a token is kept as long as those before it sum to less than
    `p`. So the token whose probability makes the sum reach `p` is the last one kept, and the likeliest is always kept.
    With `p` 1 every token is kept, however small its probability.

    Shapes:  one row per text, each decided by itself; each token keeps its column.
    Dtype:   bool, true for the tokens that are kept.
    Errors:  `ValueError` unless `p` is above 0 and at most 1.
    Effects: none; `logits` is left unchanged.
    Source:  Holtzman et al. 2020, section 3.1 (https://arxiv.org/abs/1904.09751)
    """
    # TODO 1: reject a p that is not above 0 and at most 1 (about 2 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: the probabilities of each row, the largest first, and the columns they came from (about 2 lines).
    raise NotImplementedError("TODO 2")
    # TODO 3: for each of them, whether those before it sum to less than p; mind p = 1 (about 2 lines).
    raise NotImplementedError("TODO 3")
    # TODO 4: each answer back in the column that its token came from (about 1 line).
    raise NotImplementedError("TODO 4")


def distribution(
    logits: Float[Tensor, "batch vocab"], p: float, temperature: float = 1.0
) -> Float[Tensor, "batch vocab"]:
    """Return the probabilities from which the next token of each row is drawn, with temperature and top-p.

    The temperature comes first, as in `generate`: top-p keeps tokens of the logits divided by `temperature`, which is
    above 0. The tokens that it does not keep have probability 0, and those that are left sum to 1.

    Shapes:  one row per text; the result has the shape of `logits`.
    Units:   probabilities, from 0 to 1.
    Errors:  those of `kept_tokens`.
    Effects: none; `logits` is left unchanged.
    Source:  https://huggingface.co/docs/transformers/generation_strategies (sampling)
    """
    # TODO 5: the temperature, then the probabilities of the tokens that are kept (about 3 lines).
    raise NotImplementedError("TODO 5")
