"""A second reference: every start is tried with every length, in plain Python, and the best span so far is kept.

Only spans are ever looked at, so nothing has to be ruled out by a number.
"""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor


def best_span(
    start: Float[Tensor, " seq"],
    end: Float[Tensor, " seq"],
    context: Bool[Tensor, " seq"],
    max_tokens: int = 30,
) -> tuple[int, int, float]:
    """Return the best span of the context as `(first, last, score)`."""
    starts, ends, inside = start.tolist(), end.tolist(), context.tolist()
    best: tuple[int, int, float] | None = None
    for first in range(len(starts)):
        for length in range(1, max_tokens + 1):
            last = first + length - 1
            if last >= len(ends):
                break
            if inside[first] and inside[last]:
                score = starts[first] + ends[last]
                if best is None or score > best[2]:
                    best = (first, last, score)
    if best is None:
        raise ValueError("no token belongs to the context")
    return best
