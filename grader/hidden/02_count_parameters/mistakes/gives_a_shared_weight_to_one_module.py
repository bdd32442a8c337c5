def by_module(model):
    seen, counts = set(), {}
    for name, child in model.named_children():
        new = [weight for weight in child.parameters() if id(weight) not in seen]
        seen.update(map(id, new))
        counts[name] = sum(weight.numel() for weight in new)
    return counts
