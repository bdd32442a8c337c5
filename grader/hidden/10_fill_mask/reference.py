"""How clear the order of the likeliest tokens is."""


def lead(model, tokenizer, text, k):
    """Return the smallest distance between neighbours among the k + 1 largest logits of each mask."""
    best = mask_probabilities(model, tokenizer, text).topk(k + 1).values.log()
    return float((best[:, :-1] - best[:, 1:]).min())
