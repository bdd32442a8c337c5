"""A second way to 20: token strings instead of encodings, Unicode's own table instead of NFD, one text at a time.

Differs from the steps: ids are looked up for the strings that `tokenize` gives, words are counted where white space
ends, a letter is led back to its base character by character, and scores are plain Python numbers. Right because
`tokenize` adds nothing and cuts nothing, and a text alone needs no padding.
"""

from __future__ import annotations

import math
import unicodedata

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def _ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Return the id of each token of the text itself."""
    return [tokenizer.convert_tokens_to_ids(token) for token in tokenizer.tokenize(text)]


def unknown_rate(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    """Return the share of unknown tokens among all tokens of the texts."""
    known = unknown = 0
    for text in texts:
        for token in _ids(tokenizer, text):
            if token == tokenizer.unk_token_id:
                unknown += 1
            else:
                known += 1
    return unknown / (known + unknown) if known + unknown else 0.0


def fertility(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    """Return the number of all tokens by the number of all words; a word begins where white space ends."""
    tokens = words = 0
    for text in texts:
        tokens += len(tokenizer.tokenize(text))
        words += sum(before.isspace() and not after.isspace() for before, after in zip(" " + text, text, strict=False))
    return tokens / words if words else 0.0


def _base(character: str) -> str:
    """Return the character that is left of `character` without its marks; nothing, where it is a mark itself."""
    if unicodedata.combining(character):
        return ""
    parts = unicodedata.decomposition(character).split()
    if not parts or parts[0].startswith("<"):  # no decomposition, or one that changes more than marks
        return character
    return "".join(_base(chr(int(part, 16))) for part in parts)


def without_accents(word: str) -> str:
    """Return `word` with each character led back to its base."""
    return "".join(_base(character) for character in word)


def lost_accents(tokenizer: PreTrainedTokenizerBase, words: list[str]) -> list[str]:
    """Return the words with accents of which the tokenizer makes the tokens of the bare word, or an unknown one."""
    lost = []
    for word in words:
        bare = without_accents(word)
        if word == bare:
            continue
        tokens = _ids(tokenizer, word)
        if tokens == _ids(tokenizer, bare) or tokenizer.unk_token_id in tokens:
            lost.append(word)
    return lost


def _scores(logits: list[float], single: bool) -> list[float]:
    """Return the softmax of the logits, or the sigmoid of each where `single` says that each stands for itself."""
    if single:
        return [0.5 * (1 + math.tanh(logit / 2)) for logit in logits]
    weights = [math.exp(logit - max(logits)) for logit in logits]
    return [weight / math.fsum(weights) for weight in weights]


def classify(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> list[dict[str, str | float]]:
    """Return the label and the score of each text, which the model reads alone."""
    model.eval()
    config = model.config
    found: list[dict[str, str | float]] = []
    for text in texts:
        ids = tokenizer(text, truncation=True, max_length=tokenizer.model_max_length)["input_ids"]
        with torch.inference_mode():
            logits = model(torch.tensor([ids]), return_dict=False)[0][0].tolist()
        scores = _scores(logits, len(logits) == 1 or config.problem_type == "multi_label_classification")
        best = scores.index(max(scores))
        found.append({"label": config.id2label[best], "score": scores[best]})
    return found
