def distribution(logits, temperature, top_k=None):
    if temperature <= 0 or (top_k is not None and top_k < 1):
        raise ValueError("too small")
    scaled = logits / temperature
    if top_k is not None:
        scaled = scaled.sort(dim=-1, descending=True).values
        scaled[:, top_k:] = float("-inf")
    return scaled.softmax(dim=-1)
