"""A label for each token: which tokens of a text belong to a name, and to a name of what."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def likeliest(logits: Float[Tensor, "batch seq labels"]) -> tuple[Float[Tensor, "batch seq"], Int[Tensor, "batch seq"]]:
    """Return the probability of the likeliest label of each token, and the id of that label.

    The labels of a token compete: the probabilities of one token sum to 1. Tokens do not compete with each other.

    Shapes:  one probability and one label id for each token of each text.
    Units:   probabilities, from 0 to 1.
    Errors:  none.
    Effects: none; `logits` is left unchanged.
    Source:  https://huggingface.co/docs/transformers/tasks/token_classification
    """
    # TODO 1: the probabilities of the labels of each token, then the largest one and where it is (about 2 lines).
    probabilities = logits.softmax(dim=-1)
    scores, ids = probabilities.max(dim=-1)
    return scores, ids


def tag(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> list[list[tuple[str, str, float]]]:
    """Return, for each text, its tokens that belong to a name: `("California", "B-LOC", 0.98)`.

    Tokens come in their order, as the tokenizer writes them (`convert_ids_to_tokens`): pieces of words are tokens of
    their own. Labels have their names in `model.config.id2label`; the score is the probability of the label. Left out
    are the tokens whose label is "O" and the tokens that the tokenizer added: [CLS], [SEP], padding. A piece of the
    text that the vocabulary does not know is a token of the text, although it reads [UNK].

    Each text fits into the model, which can arrive in training mode; a prediction uses no dropout and needs no
    gradients.

    Shapes:  one list per text, in order; empty where no token belongs to a name.
    Units:   scores are probabilities, from 0 to 1, as Python floats.
    Errors:  none.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/dslim/bert-base-NER (what its labels mean)
    """
    # TODO 2: evaluation mode; encode all texts as one padded batch; the logits, without gradients (about 5 lines; the
    #   tokenizer can also return a mask of the tokens that it added, which the model does not need).
    model.eval()
    encoded = tokenizer(texts, padding=True, truncation=True, return_special_tokens_mask=True, return_tensors="pt")
    added = encoded.pop("special_tokens_mask")
    with torch.no_grad():
        logits = model(**encoded).logits
    # TODO 3: the score and the label id of each token (about 1 line).
    scores, ids = likeliest(logits)
    # TODO 4: in each text, keep the tokens of the text whose label is not "O", with label and score (about 8 lines).
    results = []
    for row in range(len(texts)):
        tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"][row])
        found = []
        for token, is_added, label_id, score in zip(tokens, added[row], ids[row], scores[row], strict=True):
            label = model.config.id2label[int(label_id)]
            if not is_added and label != "O":
                found.append((token, label, float(score)))
        results.append(found)
    return results
