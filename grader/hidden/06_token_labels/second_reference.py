"""A second reference: plain loops over Python floats, and one text at a time without any padding.

A token is one of the text, not one that the tokenizer added, if the encoding says which sequence it is part of.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def best_of(row: list[float]) -> tuple[float, int]:
    """Return the probability of the largest logit of one token, and where it stands."""
    best = 0
    for label, logit in enumerate(row):
        if logit > row[best]:
            best = label
    return 1 / math.fsum(math.exp(logit - row[best]) for logit in row), best


def likeliest(logits: Float[Tensor, "batch seq labels"]) -> tuple[Float[Tensor, "batch seq"], Int[Tensor, "batch seq"]]:
    """Return the probability of the likeliest label of each token, and the id of that label."""
    answers = [[best_of(token) for token in text] for text in logits.tolist()]
    scores = torch.tensor([[score for score, _ in text] for text in answers], dtype=logits.dtype)
    ids = torch.tensor([[label for _, label in text] for text in answers], dtype=torch.long)
    return scores.reshape(logits.shape[:2]), ids.reshape(logits.shape[:2])


def tag(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> list[list[tuple[str, str, float]]]:
    """Return, for each text, its tokens that belong to a name, with label and score, asked one text at a time."""
    model.eval()
    result = []
    for text in texts:
        encoded = tokenizer(text, return_tensors="pt")
        rows = model(**encoded, return_dict=False)[0][0].tolist()
        tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"][0].tolist())
        tagged = []
        for token, sequence, row in zip(tokens, encoded.sequence_ids(0), rows, strict=True):
            score, label = best_of(row)
            name = model.config.id2label[label]
            if sequence is not None and name != "O":
                tagged.append((token, name, score))
        result.append(tagged)
    return result
