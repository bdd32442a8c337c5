"""numpy in double precision; one uniform number per row and the running sum of the probabilities; a list of ints."""

import numpy as np


def distribution(logits, temperature, top_k=None):
    if not temperature > 0 or (top_k is not None and top_k <= 0):
        raise ValueError("temperature and top_k must be positive")
    scores = logits.detach().numpy().astype(np.float64)
    weights = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    if top_k is not None:
        ranks = (-scores).argsort(axis=1).argsort(axis=1)
        weights = np.where(ranks < top_k, weights, 0.0)
    return weights / weights.sum(axis=1, keepdims=True)


def sample(logits, temperature, generator, top_k=None):
    sums = np.cumsum(distribution(logits, temperature, top_k), axis=1)
    chances = torch.rand(len(sums), generator=generator, dtype=torch.float64).tolist()
    return [int(np.searchsorted(row, chance * row[-1], side="right")) for row, chance in zip(sums, chances)]
