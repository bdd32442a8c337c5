"""How clear the choices of greedy continuations are."""


def leads(model, ids, mask, steps):
    """Return how far each chosen token leads in logits at the least, (batch,): everything is read at every step."""
    model.eval()
    smallest = torch.full((len(ids),), float("inf"))
    for _ in range(steps):
        with torch.no_grad():
            logits = model(ids, attention_mask=mask, position_ids=positions(mask)).logits
        best = logits[:, -1].topk(2, dim=-1)
        smallest = torch.minimum(smallest, best.values[:, 0] - best.values[:, 1])
        ids = torch.cat([ids, best.indices[:, :1]], dim=1)
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], dim=1)
    return smallest
