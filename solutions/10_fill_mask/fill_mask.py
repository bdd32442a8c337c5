"""Fill in the mask: which tokens a masked language model puts into the gaps of a text, and how likely each one is."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def mask_probabilities(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str
) -> Float[Tensor, "masks vocab"]:
    """Return, for each mask of a text, the probability of every token of the vocabulary at its place.

    A mask is written in the text as the tokenizer writes it (`tokenizer.mask_token`): "[MASK]" for BERT, "<mask>" for
    XLM-RoBERTa. It can stand anywhere, and more than once. The tokens of the vocabulary compete at each mask.

    The model can arrive in training mode; a prediction uses no dropout and needs no gradients.

    Shapes:  one row of vocab probabilities for each mask, in the order of the text; no row where there is no mask.
    Units:   probabilities, from 0 to 1; each row sums to 1.
    Errors:  none; the text is not longer than the model takes.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/tasks/masked_language_modeling
    """
    # TODO 1: evaluation mode; encode the text; the logits, without gradients (about 4 lines).
    model.eval()
    encoded = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        logits = model(**encoded).logits
    # TODO 2: where the masks are, by their id (about 1 line).
    is_mask = encoded["input_ids"][0] == tokenizer.mask_token_id
    # TODO 3: the probabilities at these places (about 1 line).
    return logits[0, is_mask].softmax(dim=-1)


def fill(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, k: int = 5
) -> list[list[tuple[str, float]]]:
    """Return, for each mask of a text, the `k` likeliest tokens and their probabilities, the likeliest first.

    Tokens are given as the vocabulary writes them (`convert_ids_to_tokens`): "paris", "##ing", "▁Madrid". All of its
    tokens compete, special tokens too. The model can arrive in training mode, as for `mask_probabilities`.

    Shapes:  one list for each mask, in the order of the text, of k pairs (token, probability).
    Units:   probabilities among all tokens of the vocabulary, from 0 to 1, as Python floats.
    Errors:  none; a text without a mask gives an empty list.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/tasks/masked_language_modeling
    """
    # TODO 4: the k largest probabilities of each mask, and the tokens they belong to (about 5 lines).
    best = mask_probabilities(model, tokenizer, text).topk(k)
    found = []
    for scores, ids in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        found.append(list(zip(tokenizer.convert_ids_to_tokens(ids), scores, strict=True)))
    return found


def probability_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, word: str) -> float:
    """Return the probability of `word` at the only mask of a text.

    `word` is an entry of the vocabulary, written as the vocabulary writes it, and never the unknown token. A word that
    the vocabulary lacks has no probability of its own: its pieces do, and so does the unknown token, but they are not
    the word. The model can arrive in training mode, as for `mask_probabilities`.

    Shapes:  one text with one mask, one number.
    Units:   a probability, from 0 to 1.
    Errors:  `ValueError` if the vocabulary lacks the word, or if the text has no mask or more than one.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/tasks/masked_language_modeling
    """
    # TODO 5: the id of the word; reject a word that the vocabulary lacks (about 3 lines).
    if word not in tokenizer.get_vocab():
        raise ValueError(f"{word!r} is not in the vocabulary")
    word_id = tokenizer.convert_tokens_to_ids(word)
    # TODO 6: the probabilities at the mask; reject a text that has not exactly one (about 4 lines).
    probabilities = mask_probabilities(model, tokenizer, text)
    if len(probabilities) != 1:
        raise ValueError(f"the text has {len(probabilities)} masks, not one")
    return probabilities[0, word_id].item()
