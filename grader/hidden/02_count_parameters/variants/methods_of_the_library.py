"""What transformers and torch offer: num_parameters, get_memory_footprint, nbytes; the children of one module."""


def count(model):
    return model.num_parameters()


def count_trainable(model):
    return model.num_parameters(only_trainable=True)


def size_in_mib(model):
    return model.get_memory_footprint(return_buffers=False) / 1024 / 1024


def by_module(model):
    counts = {}
    for name, child in model._modules.items():
        counts[name] = sum(map(lambda weight: weight.nelement(), child.parameters()))
    return counts
