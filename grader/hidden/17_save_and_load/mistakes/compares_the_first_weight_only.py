def same_weights(a, b):
    return torch.equal(next(a.parameters()), next(b.parameters()))
