def best_span(start, end, context, max_tokens=30):
    if not context.any():
        raise ValueError("no token belongs to the context")
    best, best_score = (0, 0), 0.0
    for first in range(len(start)):
        for last in range(first, min(first + max_tokens, len(end))):
            score = float(start[first] + end[last])
            if context[first] and context[last] and score > best_score:
                best, best_score = (first, last), score
    return *best, best_score
