"""Added tokens masked out, accents counted in the decoded text, one text at a time, numpy for the scores."""

import re

import numpy as np


def unknown_rate(tokenizer, texts):
    total = unknown = 0
    for text in texts:
        encoded = tokenizer(text, return_special_tokens_mask=True)
        unk = np.array(encoded["input_ids"]) == tokenizer.unk_token_id
        added = np.array(encoded["special_tokens_mask"], dtype=bool) & ~unk
        total, unknown = total + int((~added).sum()), unknown + int(unk.sum())
    return unknown / total if total else 0.0


def fertility(tokenizer, texts):
    tokens = words = 0
    for text in texts:
        tokens += len(tokenizer(text)["input_ids"]) - tokenizer.num_special_tokens_to_add()
        words += len(re.findall(r"\S+", text))
    return np.float64(tokens / words) if words else 0.0


def _marks(text):
    return [c for c in unicodedata.normalize("NFD", text) if unicodedata.combining(c)]


def without_accents(word):
    decomposed = unicodedata.normalize("NFD", word)
    return re.sub("[\u0300-\u036f]", "", decomposed)


def lost_accents(tokenizer, words):
    lost = []
    for word in words:
        read = tokenizer.decode(tokenizer.encode(word, add_special_tokens=False))
        if _marks(read) != _marks(word):
            lost.append(word)
    return tuple(lost)


def classify(model, tokenizer, texts):
    model.eval().requires_grad_(False)
    answers = []
    for text in texts:
        x = (
            model(**tokenizer(text, truncation=True, return_tensors="pt"), return_dict=False)[0][0]
            .numpy()
            .astype(float)
        )
        if len(x) == 1 or model.config.problem_type == "multi_label_classification":
            p = 1 / (1 + np.exp(-x))
        else:
            p = np.exp(x - x.max())
            p /= p.sum()
        answers.append((model.config.id2label[int(p.argmax())], p.max()))
    return answers
