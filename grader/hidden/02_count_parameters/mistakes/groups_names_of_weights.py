def by_module(model):
    counts = {name: 0 for name, child in model.named_children() if not list(child.parameters())}
    for name, weight in model.named_parameters():
        module = name.split(".")[0]
        counts[module] = counts.get(module, 0) + weight.numel()
    return counts
