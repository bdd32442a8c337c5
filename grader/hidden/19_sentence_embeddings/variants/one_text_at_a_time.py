"""Loops and numbers: one text, one row, one pair at a time; lists are returned."""

import math

import torch


def mean_pool(hidden, mask):
    rows = []
    for vectors, kept in zip(hidden, mask, strict=True):
        real = vectors[kept.bool()]
        rows.append(real.mean(dim=0) if len(real) else torch.zeros(hidden.shape[-1]))
    return torch.stack(rows)


def embed(model, tokenizer, texts):
    model.eval()
    rows = []
    for text in texts:
        enc = tokenizer(text, truncation=True, return_tensors="pt")
        rows.append(model(**enc, return_dict=False)[0][0].mean(0).detach())
    return rows


def similarity(a, b):
    table = []
    for left in a.tolist():
        row = []
        for right in b.tolist():
            lengths = math.sqrt(sum(x * x for x in left)) * math.sqrt(sum(x * x for x in right))
            row.append(sum(x * y for x, y in zip(left, right, strict=True)) / lengths if lengths else 0.0)
        table.append(row)
    return table


def most_similar(queries, candidates):
    return [max(range(len(row)), key=row.__getitem__) for row in similarity(queries, candidates)]
