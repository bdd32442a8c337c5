"""numpy in double precision; each token's rank looks its sum up; numpy arrays as results."""

import numpy as np


def kept_tokens(logits, p):
    if np.clip(p, 0, 1) != p or p == 0:
        raise ValueError(p)
    scores = logits.numpy().astype("float64")
    order = np.argsort(-scores, axis=1)
    chances = torch.from_numpy(scores).log_softmax(1).exp().numpy()
    sums = np.take_along_axis(chances, order, axis=1).cumsum(axis=1)
    count = np.where(p == 1, scores.shape[1], (sums < p).sum(axis=1) + 1)
    return order.argsort(axis=1) < count[:, None]


def distribution(logits, p, temperature=1.0):
    kept = kept_tokens(logits / temperature, p)
    weights = np.exp(logits.log_softmax(-1).numpy().astype("float64") / temperature) * kept
    return weights / weights.sum(axis=-1, keepdims=True)
