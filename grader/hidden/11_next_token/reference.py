"""How clear the order of the likeliest tokens is."""


def lead(model, tokenizer, text, k):
    """Return the smallest distance between neighbours among the k + 1 largest logits after `text`."""
    best = next_logits(model, tokenizer(text, return_tensors="pt"))[0].topk(k + 1).values
    return float((best[:-1] - best[1:]).min())
