"""softmax(log_softmax(x) / t) is the same; ruled out after the softmax and divided by what is left; a sum of bools."""


def distribution(logits, temperature, top_k=None):
    if temperature <= 0 or (top_k is not None and top_k < 1):
        raise ValueError("too small")
    probabilities = (logits.log_softmax(-1) / temperature).softmax(-1)
    if top_k is None or top_k >= probabilities.shape[-1]:
        return probabilities
    order = logits.argsort(-1, descending=True)
    kept = torch.zeros_like(probabilities).scatter_(-1, order[:, :top_k], 1.0)
    probabilities = probabilities * kept
    return probabilities / probabilities.sum(-1, keepdim=True)


@torch.no_grad()
def sample(logits, temperature, generator, top_k=None):
    probabilities = distribution(logits, temperature, top_k)
    chance = torch.rand((len(logits), 1), generator=generator)
    sums = probabilities.cumsum(-1) / probabilities.sum(-1, keepdim=True)
    last = (probabilities > 0) * torch.arange(probabilities.shape[-1])
    return torch.minimum((sums <= chance).sum(-1), last.amax(-1)).numpy()
