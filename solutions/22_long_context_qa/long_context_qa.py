"""Questions to a long text: read it through overlapping windows, and rank the answers of all windows together."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def windows(
    tokenizer: PreTrainedTokenizerBase, question: str, context: str, window: int = 32, overlap: int = 8
) -> BatchEncoding:
    """Return the windows of the context as one padded batch, each with the whole question before it.

    A window is one input of the model: question and a part of the context, `window` tokens at most, special tokens
    included. The parts come in order, each as long as there is room for. The last `overlap` tokens of the context in a
    window are the first ones of the context in the next window. No token of the context is left out, and a context
    that fits is one window. Shorter windows are padded on the right to the longest.

    Shapes:  `input_ids` and the model's other inputs are tensors (windows, seq); `offset_mapping`, (windows, seq, 2),
             holds where each token of the context begins in `context` and where it ends (one past its last character);
             what it holds for other tokens does not count.
    Errors:  none; a window has room for the question and for more than `overlap` tokens of the context.
    Effects: none.
    Source:  https://huggingface.co/docs/transformers/pad_truncation, and `return_overflowing_tokens`, `stride`
    """
    # TODO 1: question and context in windows: cut the context alone, keep what overflows (about 10 lines, one call).
    return tokenizer(
        question,
        context,
        truncation="only_second",
        max_length=window,
        stride=overlap,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=True,
        return_tensors="pt",
    )


def no_answer_score(start: Float[Tensor, "windows seq"], end: Float[Tensor, "windows seq"]) -> float:
    """Return the score of "no answer" for the whole context.

    In each window, the start and the end logit of its first token, [CLS], add up to the score of "there is no answer
    in this window". The context has no answer only if no window has one, so the smallest of these scores counts.

    Shapes:  the logits of all windows of one context; one number.
    Units:   a sum of two logits; it can be negative.
    Errors:  none.
    Effects: none; both tensors are left unchanged.
    Source:  https://github.com/huggingface/transformers, examples/pytorch/question-answering/utils_qa.py
    """
    # TODO 2: the sum of the two logits of [CLS] in each window, and the smallest sum (about 1 line).
    return float((start[:, 0] + end[:, 0]).min())


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
    """Return the `n` best answers, the best first: `[{"answer": "Paris", "start": 60, "end": 65, "score": 9.3}]`.

    An answer is a span of the context inside one window, as in exercise 08: its first and its last token are tokens of
    the context, in order, `max_tokens` tokens at most. Its score is the start logit of the first plus the end logit of
    the last; logits of different windows are compared as they are. Where the windows overlap, several of them hold the
    same span: it counts once, with the largest of its scores. Spans at other places are other answers, also where they
    read the same. Where there are fewer than `n`, all are returned.

    `start` and `end` count the characters of `context`, from its own beginning, and `answer` is `context[start:end]`.

    With `allow_none`, "no answer" is one more candidate: `"answer": ""`, `"start": 0`, `"end": 0`, with the score of
    `no_answer_score`; it is among the `n` where it scores enough.

    The model can arrive in training mode; a prediction uses no dropout and needs no gradients.

    Shapes:  one question and one context of any length; n dicts at most.
    Units:   `start` and `end` in characters of the context; scores are sums of two logits, they can be negative.
    Errors:  none; the context has at least one token.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  Devlin et al. 2019, sections 4.2 and 4.3 (https://arxiv.org/abs/1810.04805)
    """
    # TODO 3: evaluation mode; the windows; the logits of all of them, without gradients (about 6 lines; the model does
    #   not take everything that the windows hold).
    model.eval()
    encoded = windows(tokenizer, question, context, window, overlap)
    inputs = {name: encoded[name] for name in tokenizer.model_input_names}
    with torch.no_grad():
        output = model(**inputs)
    start, end = output.start_logits, output.end_logits
    # TODO 4: the score of every allowed span of each window, by its characters; of the same characters, the largest
    #   score (about 9 lines).
    found: dict[tuple[int, int], float] = {}
    for row, offsets in enumerate(encoded["offset_mapping"].tolist()):
        inside = torch.tensor([part == 1 for part in encoded.sequence_ids(row)])
        allowed = (inside[:, None] & inside[None, :]).triu().tril(max_tokens - 1)
        scores = start[row][:, None] + end[row][None, :]
        for first, last in allowed.nonzero().tolist():
            place = (offsets[first][0], offsets[last][1])
            found[place] = max(float(scores[first, last]), found.get(place, -torch.inf))
    # TODO 5: no answer, where it is allowed (about 2 lines).
    if allow_none:
        found[0, 0] = no_answer_score(start, end)
    # TODO 6: the n best of them, with their text (about 2 lines).
    ranked = sorted(found.items(), key=lambda item: item[1], reverse=True)[:n]
    return [{"answer": context[a:b], "start": a, "end": b, "score": score} for (a, b), score in ranked]
