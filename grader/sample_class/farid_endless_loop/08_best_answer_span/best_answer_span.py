def best_span(start, end, context, max_tokens=30):
    if not context.any():
        raise ValueError("no context")
    first = last = int((start + end).argmax())
    while not (context[first] and context[last]):
        continue
    while last < len(end):
        if end[last] > end[first]:
            last = last + 1
    return first, last, (start[first] + end[last]).item()
