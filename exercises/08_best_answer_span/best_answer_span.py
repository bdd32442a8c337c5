"""The best answer span: choose the start and the end of an answer together, from the logits of a QA model."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def best_span(
    start: Float[Tensor, " seq"],
    end: Float[Tensor, " seq"],
    context: Bool[Tensor, " seq"],
    max_tokens: int = 30,
) -> tuple[int, int, float]:
    """Return the best span of the context as `(first, last, score)`; `last` is the position of its last token.

    A span begins and ends at tokens of the context (where `context` is true), its last token is not before its first,
    and it has at most `max_tokens` tokens (1 or more); a single token is a span of one. The context can have gaps: no
    span begins or ends in one, and its tokens count where a span reaches across. The score of a span is
    `start[first] + end[last]`, and the best span has the largest score of all; where several share it, any of them.

    Shapes:  seq tokens of one encoded question and context; positions count from the first of them, at 0.
    Units:   the score is a sum of two logits; it can be negative.
    Errors:  `ValueError` if no token belongs to the context.
    Effects: none; the three tensors are left unchanged.
    Source:  Devlin et al. 2019, section 4.2 (https://arxiv.org/abs/1810.04805)
    """
    # TODO 1: without a context there is no span (about 2 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: the score of every pair of positions, a row for each start and a column for each end (about 1 line).
    raise NotImplementedError("TODO 2")
    # TODO 3: rule out the pairs that are no spans: outside the context, backwards, or too long (about 3 lines).
    raise NotImplementedError("TODO 3")
    # TODO 4: the best pair that is left, and its score (about 2 lines).
    raise NotImplementedError("TODO 4")
