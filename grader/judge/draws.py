"""Inputs that suites draw. A helper's name says what is special about what it returns."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checkpoints.recipe import corpus

Array = np.ndarray[Any, Any]


def sentences(rng: np.random.Generator, count: int) -> list[str]:
    """Return `count` different sentences that the tokenizers know; where there are two or more, lengths differ."""
    known = corpus()
    while True:
        chosen = [known[int(i)] for i in rng.choice(len(known), size=count, replace=False)]
        if count == 1 or len({len(text.split()) for text in chosen}) > 1:
            return chosen


def uneven_logits(rng: np.random.Generator, rows: int, labels: int, margin: float = 0.3) -> Array:
    """Return float32 logits (rows, labels) without ties.

    In each row and in each column the largest leads by at least `margin`; some logits of each row are negative and some
    positive; and neighbouring rows have different likeliest labels.
    """
    while True:
        logits = rng.uniform(-4, 6, size=(rows, labels)).astype(np.float32)
        leads = [np.partition(row, -2) for row in logits if labels > 1]
        leads += [np.partition(column, -2) for column in logits.T if rows > 1]
        best = logits.argmax(-1)
        if (
            all(lead[-1] - lead[-2] >= margin for lead in leads)
            and (labels == 1 or (logits.min(-1) < 0).all())
            and (logits.max(-1) > 0).all()
            and (best[1:] != best[:-1]).all()
        ):
            return logits
