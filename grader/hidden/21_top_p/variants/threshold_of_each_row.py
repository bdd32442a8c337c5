"""The smallest kept logit of each row is its threshold; one row after the other, stacked."""


def kept_tokens(logits, p):
    if not (0 < p and p <= 1):
        raise ValueError(f"{p=}")
    if p == 1:
        return torch.ones(logits.shape, dtype=torch.bool)
    return torch.stack([_row(row, p) for row in logits])


def _row(row, p):
    best = torch.topk(row, len(row)).values
    reached = (torch.softmax(best, 0).cumsum(0) >= p).nonzero()
    return row >= best[int(reached[0]) if len(reached) else -1]


@torch.no_grad()
def distribution(logits, p, temperature=1.0):
    scaled = logits.double().div(temperature)
    return torch.where(kept_tokens(scaled, p), scaled, -torch.inf).softmax(1)
