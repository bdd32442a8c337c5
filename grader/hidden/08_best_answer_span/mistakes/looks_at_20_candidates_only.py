def best_span(start, end, context, max_tokens=30, candidates=20):
    if not context.any():
        raise ValueError("no token belongs to the context")
    best = (0, 0, -torch.inf)
    for first in start.argsort(descending=True)[:candidates].tolist():
        for last in end.argsort(descending=True)[:candidates].tolist():
            score = float(start[first] + end[last])
            if context[first] and context[last] and first <= last < first + max_tokens and score > best[2]:
                best = (first, last, score)
    return best
