"""A second reference: pairs are tried in plain Python, logits are read by position, characters token by token.

The answer's characters come from `token_to_chars`, not from a table of offsets that has to be cut out of the input.
"""

from __future__ import annotations

from transformers import PreTrainedModel, PreTrainedTokenizerBase


def answer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    question: str,
    context: str,
    allow_none: bool = False,
    threshold: float = 0.0,
) -> dict[str, str | int | float]:
    """Return the answer that the context holds, its characters and its score, or no answer."""
    model.eval()
    encoded = tokenizer(question, context, return_tensors="pt")
    output = model(**encoded, return_dict=False)
    starts, ends = output[0][0].tolist(), output[1][0].tolist()

    places = [place for place, part in enumerate(encoded.sequence_ids(0)) if part == 1]
    spans = [(first, last) for first in places for last in places if 0 <= last - first < 30]
    first, last = max(spans, key=lambda span: starts[span[0]] + ends[span[1]])
    score = starts[first] + ends[last]

    nothing = starts[0] + ends[0]
    if allow_none and nothing - score > threshold:
        return {"answer": "", "start": 0, "end": 0, "score": nothing}
    begin, stop = encoded.token_to_chars(0, first).start, encoded.token_to_chars(0, last).end
    return {"answer": context[begin:stop], "start": begin, "end": stop, "score": score}
