"""A forward pass for a batch: texts, or pairs of texts, through the tokenizer and through the model."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def prepare(tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None = None) -> BatchEncoding:
    """Return all texts as one batch that a model takes: everything the tokenizer gives, as PyTorch tensors.

    With `pairs`, row i holds `texts[i]` and `pairs[i]`, encoded together as a pair. Special tokens, padding (its side,
    its id, its place in the mask) and token types are the tokenizer's own. Rows are padded to the longest of the batch
    and no further. A row that would have more than `tokenizer.model_max_length` tokens is truncated to that length,
    special tokens included. A pair that is too long loses tokens from the longer of its two texts (the tokenizer's
    `truncation=True`). An empty text is a text.

    Shapes:  each tensor is (batch, seq): one row per text, in order; seq is the length of the longest row.
    Dtype:   integers, as the tokenizer makes them.
    Errors:  none.
    Effects: none; the tokenizer's settings and the lists stay as they are.
    Source:  https://huggingface.co/docs/transformers/pad_truncation
    """
    # TODO 1: one call of the tokenizer (about 1 line; what it needs to be told is in the text above).
    raise NotImplementedError("TODO 1")


def logits(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None = None
) -> Float[Tensor, "batch labels"]:
    """Return the logits that a sequence classifier gives each text, or each pair of texts, as one tensor.

    Texts and pairs are encoded as by `prepare`, so what is too long is truncated. A text has the same logits in any
    batch: neither padding nor other texts change them. The model can arrive in training mode; the logits are those
    without dropout, and they carry no gradients (`requires_grad` is false).

    Shapes:  one row per text, in order, also for a single text; one column per label.
    Units:   logits, as the model returns them; probabilities come later.
    Errors:  none.
    Effects: the model may be left in evaluation mode; its weights and config, the tokenizer and the lists stay as they
             are.
    Source:  https://huggingface.co/docs/transformers/main_classes/output
    """
    # TODO 2: evaluation mode (1 line).
    raise NotImplementedError("TODO 2")
    # TODO 3: the batch (1 line).
    raise NotImplementedError("TODO 3")
    # TODO 4: all of the batch through the model, without gradients; the logits of what it returns (about 3 lines).
    raise NotImplementedError("TODO 4")
