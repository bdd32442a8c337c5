"""How clear the choices of a greedy continuation are."""


def smallest_margin(model, ids, max_new_tokens):
    """Return the smallest lead of a chosen token's logit over the next one's."""
    longer = greedy(model, ids, max_new_tokens)
    with torch.no_grad():
        chosen = model(longer).logits[0, ids.shape[1] - 1 : -1].topk(2).values
    return float((chosen[:, 0] - chosen[:, 1]).min())
