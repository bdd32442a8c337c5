"""Answer a question: from the best span of tokens to the text of the answer, or to no answer at all."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def answer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    question: str,
    context: str,
    allow_none: bool = False,
    threshold: float = 0.0,
) -> dict[str, str | int | float]:
    """Return the answer that the context holds: `{"answer": "Paris", "start": 0, "end": 5, "score": 9.3}`.

    The model reads question and context together, in this order. The answer is the best span of the context, as in
    exercise 08: its first and its last token are tokens of the context, in order, 30 tokens at most; its score is the
    start logit of the first plus the end logit of the last, and it is the largest; where several spans share it, any of
    them.

    `start` and `end` count the characters of `context`, and `answer` is `context[start:end]`: every letter, accent and
    space as it is written there, whatever the tokenizer makes of it.

    A context need not hold an answer. The start and the end logit of the first token, [CLS], add up to the score of
    "no answer". With `allow_none`, there is no answer where that score is above the best span's by more than
    `threshold`; the result is then `"answer": ""`, `"start": 0`, `"end": 0`, and the score of no answer. Without
    `allow_none` there always is an answer.

    The model can arrive in training mode; a prediction uses no dropout and needs no gradients.

    Shapes:  one question and one context, which fit into the model.
    Units:   `start` and `end` in characters of the context; the score is a sum of two logits, it can be negative.
    Errors:  none; the context has at least one token.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  Devlin et al. 2019, sections 4.2 and 4.3 (https://arxiv.org/abs/1810.04805)
    """
    # TODO 1: evaluation mode; question and context as one input, with the offsets of its tokens, which the model does
    #   not need; the logits, without gradients (about 6 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: which tokens belong to the context (about 1 line).
    raise NotImplementedError("TODO 2")
    # TODO 3: the best span of the context and its score (about 5 lines, or your function of exercise 08).
    raise NotImplementedError("TODO 3")
    # TODO 4: no answer, where it is allowed and scores enough (about 3 lines).
    raise NotImplementedError("TODO 4")
    # TODO 5: the characters of the span, and the text between them (about 2 lines).
    raise NotImplementedError("TODO 5")
