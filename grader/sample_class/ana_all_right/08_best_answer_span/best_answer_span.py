def best_span(start, end, context, max_tokens=30):
    positions = [i for i, inside in enumerate(context.tolist()) if inside]
    if not positions:
        raise ValueError("empty context")
    best = None
    for i in positions:
        for j in positions:
            if i <= j < i + max_tokens:
                score = (start[i] + end[j]).item()
                if best is None or score > best[2]:
                    best = (i, j, score)
    return best
