def best_span(start, end, context, max_tokens=30):
    if not context.any():
        raise ValueError("no token belongs to the context")
    scores = start[context][:, None] + end[context][None, :]
    allowed = torch.ones_like(scores, dtype=torch.bool).triu().tril(max_tokens - 1)
    scores = scores.masked_fill(~allowed, -torch.inf)
    first, last = divmod(int(scores.argmax()), len(scores))
    offset = int(context.int().argmax())
    return first + offset, last + offset, float(scores[first, last])
