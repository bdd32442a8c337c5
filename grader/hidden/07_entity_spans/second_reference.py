"""A second reference: an entity is recognised by asking each label whether it begins one, without carrying any state.

Rows of words are made in float64, and characters come from the offsets of a word's pieces.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def type_of(label: str) -> str | None:
    """Return what stands behind the first hyphen of a label; None for "O"."""
    return None if label == "O" else label[label.index("-") + 1 :]


def begins(labels: list[str], place: int) -> bool:
    """Say whether an entity begins at a place: a label with a type, unless it is I- behind a label of that type."""
    kind = type_of(labels[place])
    if kind is None:
        return False
    continues = labels[place].startswith("I-") and place > 0 and type_of(labels[place - 1]) == kind
    return not continues


def group(labels: list[str]) -> list[tuple[str, int, int]]:
    """Return the entities of a row of labels, as `(type, first, end)`."""
    found = []
    for first in range(len(labels)):
        if not begins(labels, first):
            continue
        stops = [place for place in range(first + 1, len(labels)) if labels[place] == "O" or begins(labels, place)]
        found.append((str(type_of(labels[first])), first, min([*stops, len(labels)])))
    return found


def word_scores(
    probs: Float[Tensor, "pieces labels"],
    word_ids: list[int | None],
    how: Literal["first", "average", "max"],
) -> tuple[list[int], Float[Tensor, "words labels"]]:
    """Return the ids of the words, and a row of probabilities for each word, made of the rows of its pieces."""
    table = probs.detach().numpy().astype(np.float64)
    words: list[int] = []
    for word in word_ids:
        if word is not None and word not in words:
            words.append(word)
    rows = np.zeros((len(words), table.shape[1]))
    for place, word in enumerate(words):
        pieces = [table[piece] for piece in range(len(word_ids)) if word_ids[piece] == word]
        if how == "first":
            rows[place] = pieces[0]
        elif how == "average":
            rows[place] = sum(pieces) / len(pieces)
        else:
            rows[place] = sorted(pieces, key=max)[-1]
    return words, torch.from_numpy(rows).to(probs.dtype)


def entities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    how: Literal["first", "average", "max"] = "first",
) -> list[dict[str, str | int | float]]:
    """Return the entities of a text, each with its characters, its text and its score."""
    model.eval()
    encoded = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    logits = model(**encoded, return_dict=False)[0][0].detach().numpy().astype(np.float64)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = torch.from_numpy(powers / powers.sum(axis=1, keepdims=True))

    word_ids = encoded.word_ids(0)
    words, rows = word_scores(probs, word_ids, how)
    labels = [model.config.id2label[int(np.argmax(row))] for row in rows.numpy()]
    found: list[dict[str, str | int | float]] = []
    for kind, first, end in group(labels):
        members = set(words[first:end])
        places = [offsets[piece] for piece, word in enumerate(word_ids) if word in members]
        start, stop = min(place[0] for place in places), max(place[1] for place in places)
        score = sum(max(rows[word].tolist()) for word in range(first, end)) / (end - first)
        found.append({"type": kind, "start": start, "end": stop, "text": text[start:stop], "score": score})
    return found
