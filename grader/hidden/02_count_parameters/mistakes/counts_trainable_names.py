def count_trainable(model):
    named = model.named_parameters(remove_duplicate=False)
    return sum(weight.numel() for name, weight in named if weight.requires_grad)
