def distribution(logits, p, temperature=1.0):
    scaled = logits / temperature
    ordered, columns = scaled.sort(dim=-1, descending=True)
    probabilities = ordered.softmax(dim=-1)
    before = probabilities.cumsum(dim=-1) - probabilities
    kept = (before < p) | (p == 1)
    scaled = scaled.masked_fill(~torch.zeros_like(kept).scatter(-1, columns, kept), float("-inf"))
    return scaled.softmax(dim=-1)
