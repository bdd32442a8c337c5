"""Sentence embeddings: turn texts into one vector each, and find the texts that are closest in meaning."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def mean_pool(
    hidden: Float[Tensor, "batch seq hidden"], mask: Int[Tensor, "batch seq"]
) -> Float[Tensor, "batch hidden"]:
    """Return the mean of each row's token vectors, over the real tokens only: those whose mask is 1.

    Shapes:  one vector per row of the batch. Padding may be on either side.
    Errors:  none; a row whose mask is all 0 gives a vector of zeros.
    Effects: none; the inputs are left unchanged.
    Source:  https://github.com/huggingface/transformers/issues/17463
    """
    # TODO 1: add up the vectors of each row's real tokens (about 2 lines).
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    total = (hidden * weights).sum(dim=1)
    # TODO 2: divide each row by its own number of real tokens; 0 tokens must not divide by 0 (about 2 lines).
    count = weights.sum(dim=1).clamp(min=1)
    return total / count


def embed(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> Float[Tensor, "batch hidden"]:
    """Return one vector per text: the masked mean of the base model's last hidden state, not normalised.

    The special tokens ([CLS], [SEP]) are real tokens. A text of more than `tokenizer.model_max_length` tokens is
    truncated to so many. A text has the same vector alone and in a batch.

    Shapes:  one row per text, in the order of `texts`.
    Errors:  none.
    Effects: may put the model in eval mode (it can arrive in train mode; dropout must be off); nothing else.
    """
    # TODO 3: encode the texts as one padded and truncated batch of tensors (about 1 line).
    encoded = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    # TODO 4: run the model without dropout and without gradients (about 3 lines).
    model.eval()
    with torch.no_grad():
        hidden = model(**encoded).last_hidden_state
    # TODO 5: pool the last hidden state with the attention mask (about 1 line).
    return mean_pool(hidden, encoded["attention_mask"])


def similarity(a: Float[Tensor, "n hidden"], b: Float[Tensor, "m hidden"]) -> Float[Tensor, "n m"]:
    """Return the cosine similarity of each row of `a` with each row of `b`.

    Shapes:  row i, column j compares `a[i]` with `b[j]`; n and m may differ.
    Units:   cosines, from -1 to 1, whatever the lengths of the vectors.
    Errors:  none; a vector of zeros has the similarity 0 with every other.
    Effects: none; the inputs are left unchanged.
    """
    # TODO 6: scale each row to length 1; a vector of zeros stays as it is (about 2 lines).
    a = a / a.norm(dim=1, keepdim=True).clamp(min=1e-12)
    b = b / b.norm(dim=1, keepdim=True).clamp(min=1e-12)
    # TODO 7: multiply each row of one with each row of the other (about 1 line).
    return a @ b.T


def most_similar(queries: Float[Tensor, "n hidden"], candidates: Float[Tensor, "m hidden"]) -> list[int]:
    """Return, for each query, the index of the candidate with the largest cosine similarity.

    Shapes:  one index per query, from 0 to m - 1.
    Errors:  none.
    Effects: none; the inputs are left unchanged.
    """
    # TODO 8: take the best candidate of each query (about 1 line).
    return similarity(queries, candidates).argmax(dim=1).tolist()
