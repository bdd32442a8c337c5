"""A second reference: padding is cut away, and each text goes through the model alone.

That is how the result is defined; no position and no mask has to be told, and the last column is the last token.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def after(model: PreTrainedModel, ids: list[int]) -> np.ndarray:
    """Return the logits of the token that comes after these tokens and nothing else."""
    model.eval()
    output = model(torch.tensor([ids]), return_dict=False)
    last: np.ndarray = output[0][0].detach().numpy()[-1]
    return last


def next_logits(model: PreTrainedModel, encoded: BatchEncoding) -> Float[Tensor, "batch vocab"]:
    """Return, for each text of a batch, the logits of the token that comes after it."""
    rows = []
    for ids, mask in zip(encoded["input_ids"].tolist(), encoded["attention_mask"].tolist(), strict=True):
        rows.append(after(model, [token for token, real in zip(ids, mask, strict=True) if real]))
    return torch.from_numpy(np.stack(rows))


def top_next(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, k: int = 5
) -> list[tuple[str, float]]:
    """Return the `k` likeliest next tokens of a text and their probabilities, the likeliest first."""
    logits = after(model, tokenizer(text)["input_ids"]).astype(np.float64)
    powers = np.exp(logits - logits.max())
    ordered = sorted(enumerate((powers / powers.sum()).tolist()), key=lambda entry: -entry[1])
    return [(tokenizer.decode([token]), score) for token, score in ordered[:k]]
