"""Scatter of the kept logits into infinities; the largest logit with Gumbel noise is the draw; int32 ids."""

import torch.nn.functional as F


def distribution(logits, temperature, top_k=None):
    return F.softmax(_kept(logits, temperature, top_k), dim=1, dtype=torch.float64)


def _kept(logits, temperature, top_k):
    if temperature <= 0.0:
        raise ValueError
    if top_k is None:
        return logits / temperature
    if top_k < 1:
        raise ValueError
    best = torch.topk(logits, min(top_k, logits.size(1)))
    return torch.full_like(logits, -torch.inf).scatter(1, best.indices, best.values / temperature)


def sample(logits, temperature, generator, top_k=None):
    uniform = torch.rand(logits.shape, generator=generator, dtype=torch.float64).clamp_min(1e-300)
    return (_kept(logits, temperature, top_k) - (-uniform.log()).log()).argmax(dim=-1).int()
