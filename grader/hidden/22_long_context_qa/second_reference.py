"""A second way to 22: the whole text is encoded once, and the windows are cut out of that encoding by hand.

Differs from the steps: no `stride`, no truncation, one window at a time, and every pair of two tokens is looked at in
plain loops. Right because a window is the beginning that all share, a part of the context, and the end that all share.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase

Row = dict[str, list[Any]]


def _cut(
    tokenizer: PreTrainedTokenizerBase, question: str, context: str, window: int, overlap: int
) -> Iterator[tuple[Row, range]]:
    """Yield each window, as lists by the names of the tokenizer, and the places of the context in it."""
    whole = tokenizer(question, context, return_offsets_mapping=True)
    places = [place for place, text in enumerate(whole.sequence_ids(0)) if text == 1]
    first, behind = places[0], places[-1] + 1
    room = window - first - (len(whole["input_ids"]) - behind)
    begin = first
    while True:
        end = min(begin + room, behind)
        row = {name: [*values[:first], *values[begin:end], *values[behind:]] for name, values in whole.items()}
        yield row, range(first, first + end - begin)
        if end == behind:
            return
        begin = end - overlap


def windows(
    tokenizer: PreTrainedTokenizerBase, question: str, context: str, window: int = 32, overlap: int = 8
) -> BatchEncoding:
    """Return the windows of the context, padded on the right to the longest."""
    rows = [row for row, _ in _cut(tokenizer, question, context, window, overlap)]
    longest = max(len(row["input_ids"]) for row in rows)
    padding = {
        "input_ids": tokenizer.pad_token_id,
        "attention_mask": 0,
        "token_type_ids": tokenizer.pad_token_type_id,
        "offset_mapping": (0, 0),
    }
    return BatchEncoding(
        {
            name: torch.tensor([row[name] + [padding[name]] * (longest - len(row[name])) for row in rows])
            for name in rows[0]
        }
    )


def no_answer_score(start: Float[Tensor, "windows seq"], end: Float[Tensor, "windows seq"]) -> float:
    """Return the smallest sum of the two logits of [CLS]."""
    smallest = float("inf")
    for s, e in zip(start.tolist(), end.tolist(), strict=True):
        smallest = min(smallest, s[0] + e[0])
    return smallest


def n_best(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    question: str,
    context: str,
    n: int = 5,
    max_tokens: int = 30,
    window: int = 32,
    overlap: int = 8,
    allow_none: bool = False,
) -> list[dict[str, str | int | float]]:
    """Return the `n` best spans of all windows, each by its characters and with its largest score."""
    model.eval()
    best: dict[tuple[int, int], float] = {}
    none = []
    for row, places in _cut(tokenizer, question, context, window, overlap):
        offsets = row.pop("offset_mapping")
        with torch.inference_mode():
            start, end = model(**{name: torch.tensor([values]) for name, values in row.items()}, return_dict=False)[:2]
        none.append(no_answer_score(start, end))
        starts, ends = start[0].tolist(), end[0].tolist()
        for first in places:
            for last in places:
                if first <= last < first + max_tokens:
                    span = offsets[first][0], offsets[last][1]
                    best[span] = max(best.get(span, float("-inf")), starts[first] + ends[last])
    ranked = [(score, begin, stop) for (begin, stop), score in best.items()]
    if allow_none:
        ranked.append((min(none), 0, 0))
    ranked.sort(reverse=True)
    return [
        {"answer": context[begin:stop], "start": begin, "end": stop, "score": score}
        for score, begin, stop in ranked[:n]
    ]
