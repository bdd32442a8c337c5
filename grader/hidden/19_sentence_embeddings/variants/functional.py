"""torch.nn.functional and boolean masks: masked_fill, normalize, broadcast cosine_similarity, topk."""

import torch
import torch.nn.functional as F


def mean_pool(hidden, mask):
    kept = hidden.masked_fill(mask.unsqueeze(-1) == 0, 0.0)
    return kept.sum(1) / torch.clamp(mask.sum(-1, keepdim=True), min=1e-9)


@torch.inference_mode()
def embed(model, tokenizer, texts):
    enc = tokenizer(texts, return_tensors="pt", padding="longest", truncation=True)
    out = model.eval()(**enc)
    return mean_pool(out[0], enc.attention_mask)


def similarity(a, b):
    return F.cosine_similarity(a.unsqueeze(1), b.unsqueeze(0), dim=-1)


def most_similar(queries, candidates):
    return similarity(queries, candidates).topk(1, dim=-1).indices.squeeze(-1)
