"""numpy, the slice of the context between two [SEP], a dataclass, positional arguments of the model."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Answer:
    answer: str
    start: int
    end: int
    score: float


def answer(model, tokenizer, question, context, allow_none=False, threshold=0.0):
    model.train(False)
    encoded = tokenizer(question, context, return_offsets_mapping=True)
    ids = torch.tensor([encoded["input_ids"]])
    more = {key: torch.tensor([encoded[key]]) for key in ("token_type_ids",) if key in encoded}
    with torch.no_grad():
        output = model(ids, torch.ones_like(ids), **more)
    start = output["start_logits"][0].numpy().astype(np.float64)
    end = output["end_logits"][0].numpy().astype(np.float64)
    separators = np.flatnonzero(ids[0].numpy() == tokenizer.sep_token_id)
    begin, stop = separators[0] + 1, separators[1]
    table = np.add.outer(start[begin:stop], end[begin:stop])
    size = stop - begin
    rows, columns = np.indices((size, size))
    table[(columns < rows) | (columns - rows >= 30)] = -np.inf
    first, last = np.unravel_index(table.argmax(), table.shape)
    if allow_none and threshold < start[0] + end[0] - table[first, last]:
        return Answer("", 0, 0, start[0] + end[0])
    left = encoded["offset_mapping"][begin + first][0]
    right = encoded["offset_mapping"][begin + last][1]
    return Answer(context[left:right], left, right, table[first, last])
