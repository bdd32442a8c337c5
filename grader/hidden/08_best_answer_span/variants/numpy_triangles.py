"""A numpy matrix in double precision, infinities outside the band, numpy numbers in a tuple."""

import numpy as np


def best_span(start, end, context, max_tokens=30):
    s, e, c = (np.asarray(tensor) for tensor in (start, end, context))
    if not np.any(c):
        raise ValueError("empty context")
    s = np.where(c, s.astype(np.float64), -np.inf)
    e = np.where(c, e.astype(np.float64), -np.inf)
    table = np.add.outer(s, e)
    band = np.tri(len(s), k=max_tokens - 1) - np.tri(len(s), k=-1)
    table[band == 0] = -np.inf
    first, last = np.unravel_index(np.argmax(table), table.shape)
    return first, last, table[first, last]
