def distribution(logits, temperature, top_k=None):
    if temperature <= 0 or (top_k is not None and top_k < 1):
        raise ValueError("too small")
    probabilities = (logits / temperature).softmax(dim=-1)
    if top_k is not None:
        smallest_kept = probabilities.topk(min(top_k, logits.shape[-1]), dim=-1).values[:, -1:]
        probabilities = probabilities.masked_fill(probabilities < smallest_kept, 0.0)
    return probabilities
