"""numpy behind the model, real tokens by their word_ids, results as dataclasses."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Tagged:
    token: str
    label: str
    score: float


def likeliest(logits):
    x = np.asarray(logits.detach(), dtype=np.float64)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return [p.max(axis=-1), p.argmax(axis=-1)]


@torch.inference_mode()
def tag(model, tokenizer, texts):
    encoded = tokenizer(list(texts), padding="max_length", max_length=80, truncation=True, return_tensors="pt")
    scores, ids = likeliest(model.eval()(**encoded)["logits"])
    outside = model.config.label2id["O"]
    tagged = [[] for _ in texts]
    for row, place in zip(*np.nonzero(ids != outside)):
        if encoded.word_ids(int(row))[place] is not None:
            token = tokenizer.convert_ids_to_tokens(int(encoded["input_ids"][row, place]))
            tagged[row].append(Tagged(token, model.config.id2label[int(ids[row, place])], scores[row, place]))
    return tagged
