"""A second reference: rows are encoded one by one and padded by hand; a text's logits come from a batch of its own.

Nothing can leak between texts that never share a batch, and padding cannot matter where there is none.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def rows_of(
    tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None
) -> list[dict[str, list[int]]]:
    """Return what the tokenizer gives for each text, or each pair of texts, alone: truncated, not padded."""
    if pairs is None:
        return [dict(tokenizer(text, truncation=True)) for text in texts]
    return [dict(tokenizer(text, pair, truncation=True)) for text, pair in zip(texts, pairs, strict=True)]


def prepare(tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None = None) -> BatchEncoding:
    """Return all texts as one batch that a model takes, filled up by hand with the tokenizer's own padding."""
    rows = rows_of(tokenizer, texts, pairs)
    longest = max(len(row["input_ids"]) for row in rows)
    filling = {"input_ids": tokenizer.pad_token_id, "token_type_ids": tokenizer.pad_token_type_id, "attention_mask": 0}
    batch = {}
    for name in rows[0]:
        table = np.full((len(rows), longest), filling[name], dtype=np.int64)
        for place, row in enumerate(rows):
            length = len(row[name])
            if length and tokenizer.padding_side == "left":
                table[place, -length:] = row[name]
            else:
                table[place, :length] = row[name]
        batch[name] = torch.from_numpy(table)
    return BatchEncoding(batch)


def logits(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None = None
) -> Float[Tensor, "batch labels"]:
    """Return the logits that a sequence classifier gives each text, or each pair of texts, asked one at a time."""
    model.eval()
    answers = []
    for row in rows_of(tokenizer, texts, pairs):
        alone = {name: torch.tensor([values], dtype=torch.long) for name, values in row.items()}
        output = model(**alone, return_dict=False)
        answers.append(output[0].detach().numpy()[0])
    return torch.from_numpy(np.stack(answers))
