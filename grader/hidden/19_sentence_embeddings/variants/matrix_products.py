"""Batched matrix products: weights that sum to 1, and norms divided out after the product."""

import torch


def mean_pool(hidden, mask):
    share = mask / (mask.sum(1, keepdim=True) + 1e-9)
    return torch.bmm(share.to(hidden.dtype).unsqueeze(1), hidden).squeeze(1)


def similarity(a, b):
    norms = a.norm(dim=1)[:, None] * b.norm(dim=1)[None, :]
    return torch.nan_to_num((a @ b.T) / norms)


def most_similar(queries, candidates):
    return similarity(queries, candidates).max(-1)[1]
