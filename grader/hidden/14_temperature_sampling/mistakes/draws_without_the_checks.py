def sample(logits, temperature, generator, top_k=None):
    scaled = logits / temperature
    if top_k is not None:
        smallest_kept = scaled.topk(min(top_k, scaled.shape[-1]), dim=-1).values[:, -1:]
        scaled = scaled.masked_fill(scaled < smallest_kept, float("-inf"))
    return torch.multinomial(scaled.softmax(dim=-1), 1, generator=generator).squeeze(-1)
