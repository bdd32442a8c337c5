"""From the smallest up, as transformers does it: what sums to 1 - p at most is ruled out; log of the mask."""


def kept_tokens(logits, p):
    if p <= 0 or p > 1:
        raise ValueError("p")
    values, columns = torch.sort(logits, descending=False)
    removed = values.softmax(dim=-1).cumsum(dim=-1) <= (1 - p)
    removed[..., -1:] = False
    return ~removed.scatter(1, columns, removed)


def distribution(logits, p, temperature=1.0):
    logits = logits * (1 / temperature)
    return torch.nn.functional.softmax(logits + kept_tokens(logits, p).float().log(), dim=1)
