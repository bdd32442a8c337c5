def kept_tokens(logits, p):
    if not 0 < p <= 1:
        raise ValueError(p)
    ordered, columns = logits.sort(dim=-1, descending=True)
    probabilities = ordered.softmax(dim=-1)
    removed = probabilities.cumsum(dim=-1) >= p
    removed[:, 1:] = removed[:, :-1].clone()
    removed[:, 0] = removed[:, 0] & False
    removed[0] = False
    if p == 1:
        removed[:] = False
    return torch.ones_like(removed).scatter(-1, columns, ~removed)
