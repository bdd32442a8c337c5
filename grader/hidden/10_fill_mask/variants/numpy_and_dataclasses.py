"""numpy behind the model, the vocabulary turned round, results as dataclasses, an error class of its own."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Filling:
    token: str
    score: float


def mask_probabilities(model, tokenizer, text):
    model.eval()
    encoded = tokenizer([text], padding=True, truncation=True, return_tensors="pt")
    x = model(**encoded)["logits"].detach().numpy().astype(np.float64)
    e = np.exp(x - x.max(-1, keepdims=True))
    rows, columns = np.nonzero((encoded["input_ids"] == tokenizer.mask_token_id).numpy())
    return (e / e.sum(-1, keepdims=True))[rows, columns]


def fill(model, tokenizer, text, k=5):
    names = {i: token for token, i in tokenizer.get_vocab().items()}
    return tuple(
        [Filling(names[int(i)], float(row[i])) for i in np.argsort(-row)[:k]]
        for row in mask_probabilities(model, tokenizer, text)
    )


def probability_of(model, tokenizer, text, word):
    class NotOneMask(ValueError):
        pass

    if text.count(tokenizer.mask_token) != 1:
        raise NotOneMask(text)
    vocabulary = tokenizer.get_vocab()
    if word not in vocabulary:
        raise NotOneMask(word)
    return mask_probabilities(model, tokenizer, text)[0][vocabulary[word]]
