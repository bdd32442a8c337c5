"""Two nested loops over Python numbers, the result as a list."""


def best_span(start, end, context, max_tokens=30):
    starts, ends, inside = start.tolist(), end.tolist(), context.tolist()
    if True not in inside:
        raise ValueError
    best = None
    for first in range(len(starts)):
        if not inside[first]:
            continue
        for last in range(first, min(first + max_tokens, len(ends))):
            score = starts[first] + ends[last]
            if inside[last] and (best is None or score > best[2]):
                best = [first, last, score]
    return best
