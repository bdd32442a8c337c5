"""A second reference: masks are found by how they are written, probabilities are a softmax in float64, and the whole
vocabulary is sorted in Python.

An entry of the vocabulary is looked up in the vocabulary itself, so a word that it lacks is simply not there.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def rows_at_masks(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str) -> list[np.ndarray]:
    """Return one row of probabilities in float64 for each id that the vocabulary writes as the mask."""
    model.eval()
    encoded = tokenizer(text, return_tensors="pt")
    logits = model(**encoded, return_dict=False)[0][0].detach().numpy().astype(np.float64)
    rows = []
    for number, row in zip(encoded["input_ids"][0].tolist(), logits, strict=True):
        if tokenizer.convert_ids_to_tokens(number) == tokenizer.mask_token:
            powers = np.exp(row - row.max())
            rows.append(powers / powers.sum())
    return rows


def mask_probabilities(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str
) -> Float[Tensor, "masks vocab"]:
    """Return, for each mask of a text, the probability of every token of the vocabulary at its place."""
    rows = rows_at_masks(model, tokenizer, text)
    return torch.from_numpy(np.array(rows, dtype=np.float32).reshape(len(rows), model.config.vocab_size))


def fill(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, k: int = 5
) -> list[list[tuple[str, float]]]:
    """Return, for each mask of a text, the `k` likeliest tokens and their probabilities, the likeliest first."""
    lists = []
    for row in rows_at_masks(model, tokenizer, text):
        ordered = sorted(enumerate(row.tolist()), key=lambda entry: -entry[1])
        lists.append([(str(tokenizer.convert_ids_to_tokens(number)), score) for number, score in ordered[:k]])
    return lists


def probability_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, word: str) -> float:
    """Return the probability of an entry of the vocabulary at the only mask of a text."""
    vocabulary = tokenizer.get_vocab()
    if word not in vocabulary:
        raise ValueError(f"the vocabulary has no entry {word!r}")
    rows = rows_at_masks(model, tokenizer, text)
    if len(rows) != 1:
        raise ValueError(f"one mask is wanted, the text has {len(rows)}")
    return float(rows[0][vocabulary[word]])
