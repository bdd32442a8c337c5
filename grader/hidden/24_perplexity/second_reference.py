"""A second way to 24: one text, and in the long text even one token, at a time; sums in float64.

Differs from the steps: no padding and no mask, and for each token of a long text the first window that holds it is
searched, and the model reads only what stands before the token in that window. Right because a causal model's logits
depend on nothing that follows.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def _loss(logits: np.ndarray, token: int) -> float:
    """Return minus the logarithm of the probability of `token`, from one row of logits."""
    row = logits.astype(np.float64)
    return float(row.max() + np.log(np.exp(row - row.max()).sum()) - row[token])


def token_losses(
    logits: Float[Tensor, "batch seq vocab"], ids: Int[Tensor, "batch seq"]
) -> Float[Tensor, "batch seq-1"]:
    """Return the loss of each token but the first, from the logits of the place before it."""
    batch, seq = ids.shape
    losses = np.zeros((batch, seq - 1), dtype=np.float32)
    for i in range(batch):
        for place in range(1, seq):
            losses[i, place - 1] = _loss(logits[i, place - 1].detach().numpy(), int(ids[i, place]))
    return torch.from_numpy(losses)


def _logits(model: PreTrainedModel, ids: list[int]) -> Float[Tensor, "1 seq vocab"]:
    """Return the logits for one text."""
    model.eval()
    with torch.no_grad():
        return model(torch.tensor([ids]), return_dict=False)[0]


def perplexity(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    """Return e to the mean of the losses of all texts, each of which the model reads alone."""
    losses: list[float] = []
    for text in texts:
        ids = tokenizer(text)["input_ids"]
        losses += token_losses(_logits(model, ids), torch.tensor([ids]))[0].tolist()
    return math.exp(math.fsum(losses) / len(losses))


def sliding_perplexity(model: PreTrainedModel, ids: Int[Tensor, "1 seq"], window: int, step: int) -> float:
    """Return e to the mean of the losses, each from what stands before the token in the first window that holds it."""
    text = ids[0].tolist()
    losses = []
    for place in range(1, len(text)):
        begin = 0
        while begin + window <= place:
            begin += step
        losses.append(_loss(_logits(model, text[begin:place])[0, -1].numpy(), text[place]))
    return math.exp(math.fsum(losses) / len(losses))
