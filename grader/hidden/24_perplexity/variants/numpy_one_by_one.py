"""numpy in double precision, one text at a time without padding, and the windows planned before any is read."""

import numpy as np


def token_losses(logits, ids):
    x = np.asarray(logits.detach(), dtype=np.float64)[:, :-1]
    y = np.asarray(ids)[:, 1:]
    top = x.max(axis=-1)
    total = top + np.log(np.exp(x - top[..., None]).sum(axis=-1))
    return total - np.take_along_axis(x, y[..., None], axis=-1)[..., 0]


def perplexity(model, tokenizer, texts):
    model.eval().requires_grad_(False)
    losses = []
    for text in texts:
        ids = torch.tensor([tokenizer.encode(text)])
        losses.extend(token_losses(model(ids, return_dict=False)[0], ids)[0])
    return np.exp(np.mean(losses))


def sliding_perplexity(model, ids, window, step):
    model.eval().requires_grad_(False)
    seq = ids.shape[1]
    windows = [(begin, min(begin + window, seq)) for begin in range(0, seq, step)]
    first = {}
    for begin, end in windows:
        losses = token_losses(model(ids[:, begin:end]).logits, ids[:, begin:end])[0]
        for place, loss in zip(range(begin + 1, end), losses):
            first.setdefault(place, loss)
    return float(np.exp(sum(first.values()) / len(first)))
