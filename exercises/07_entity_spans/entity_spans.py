"""Entities: from one label for each piece of a word to names, with their place in the text."""

from __future__ import annotations

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def group(labels: list[str]) -> list[tuple[str, int, int]]:
    """Return the entities of a row of labels, as `(type, first, end)`: the labels of an entity are `labels[first:end]`.

    A label is "O", outside of any entity, or a prefix, a hyphen and a type. "B-LOC" always begins an entity. "I-LOC"
    continues the entity of the label just before it, if that has the type LOC too; otherwise it begins an entity
    itself. The type is everything behind the first hyphen.

    Shapes:  one label per word; an entity for each name, in order; empty where there is none.
    Units:   `first` and `end` count labels from 0; `end` is one behind the last label of the entity.
    Errors:  none.
    Effects: none; `labels` is left unchanged.
    Source:  Tjong Kim Sang and De Meulder 2003 (https://arxiv.org/abs/cs/0306050)
    """
    # TODO 1: go through the labels; each one but "O" continues the last entity or begins a new one (about 9 lines).
    raise NotImplementedError("TODO 1")


def word_scores(
    probs: Float[Tensor, "pieces labels"],
    word_ids: list[int | None],
    how: Literal["first", "average", "max"],
) -> tuple[list[int], Float[Tensor, "words labels"]]:
    """Return the ids of the words, and a row of probabilities for each word, made of the rows of its pieces.

    `word_ids` names the word of each piece, as the tokenizer's encoding does; None is no word (a special token). The
    row of a word is, with `how`

        "first"    the row of its first piece,
        "average"  the mean of the rows of its pieces,
        "max"      the row of the piece that holds the largest probability of all its pieces.

    Shapes:  one row of probabilities for each piece; one word id and one row for each word, in the order of the text.
    Units:   probabilities, from 0 to 1; each row sums to 1.
    Errors:  none; without any word, an empty list and no rows, shape (0, labels).
    Effects: none; `probs` and `word_ids` are left unchanged.
    """
    # TODO 2: which pieces belong to each word (about 4 lines).
    raise NotImplementedError("TODO 2")
    # TODO 3: a row for each word, in one of the three ways (about 9 lines).
    raise NotImplementedError("TODO 3")


def entities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    how: Literal["first", "average", "max"] = "first",
) -> list[dict[str, str | int | float]]:
    """Return the entities of a text: `{"type": "LOC", "start": 28, "end": 38, "text": "California", "score": 0.98}`.

    Words are those of the tokenizer (`word_ids`). A word has the likeliest label of its row of probabilities (see
    `word_scores`), and that probability is its score. Labels have their names in `model.config.id2label`; words become
    entities by these (see `group`). The score of an entity is the mean of its words' scores.

    `start` and `end` count the characters of `text`, from the first of the first word to behind the last of the last
    one; the entity's text is `text[start:end]`, as it is written there.

    The text fits into the model, which can arrive in training mode; a prediction uses no dropout and needs no
    gradients.

    Shapes:  one dict per entity, in order; an empty list where there is none.
    Units:   scores are probabilities, from 0 to 1, as Python floats.
    Errors:  none; an empty text has no entities.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    """
    # TODO 4: evaluation mode; the probabilities of the labels of each token, without gradients (about 4 lines).
    raise NotImplementedError("TODO 4")
    # TODO 5: the words; the name of the label and the score of each (about 3 lines).
    raise NotImplementedError("TODO 5")
    # TODO 6: the entities, each with its characters, its text and its score (about 7 lines).
    raise NotImplementedError("TODO 6")
