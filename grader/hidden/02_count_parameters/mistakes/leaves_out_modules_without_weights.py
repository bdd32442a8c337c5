def by_module(model):
    counts = {name: count(child) for name, child in model.named_children()}
    return {name: number for name, number in counts.items() if number > 0}
