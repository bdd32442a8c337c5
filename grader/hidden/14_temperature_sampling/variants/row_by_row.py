"""A loop over the rows; the draw is among the kept tokens and its place becomes an id; a tuple of 0-d tensors."""


def distribution(logits, temperature, top_k=None):
    assert_sensible(temperature, top_k)
    k = logits.shape[1] if top_k is None else min(top_k, logits.shape[1])
    rows = []
    for row in logits:
        values, ids = row.sort(descending=True)
        probabilities = torch.zeros(len(row))
        probabilities[ids[:k]] = torch.nn.Softmax(dim=0)(values[:k].mul(1 / temperature))
        rows.append(probabilities)
    return torch.stack(rows)


def assert_sensible(temperature, top_k):
    class NoSense(ValueError):
        pass

    if temperature <= 0:
        raise NoSense("temperature")
    if top_k is not None and top_k < 1:
        raise NoSense("top_k")


def sample(logits, temperature, generator, top_k=None):
    drawn = []
    for row in distribution(logits, temperature, top_k):
        kept = row.nonzero()[:, 0]
        drawn.append(kept[row[kept].multinomial(1, replacement=True, generator=generator)][0])
    return tuple(drawn)
