"""Distributions indexed token by token; each token's window is worked out from its place; 0-d tensors as results."""


@torch.no_grad()
def token_losses(logits, ids):
    batch, seq = ids.shape
    result = torch.zeros(batch, seq - 1)
    for row in range(batch):
        for place in range(1, seq):
            distribution = torch.distributions.Categorical(logits=logits[row, place - 1])
            result[row, place - 1] = -distribution.log_prob(ids[row, place])
    return result


@torch.no_grad()
def perplexity(model, tokenizer, texts):
    model.train(False)
    enc = tokenizer(texts, padding=True, return_tensors="pt")
    losses = token_losses(model(enc["input_ids"], attention_mask=enc["attention_mask"]).logits, enc["input_ids"])
    mask = enc["attention_mask"][:, 1:]
    return torch.exp((losses * mask).sum() / mask.sum())


@torch.no_grad()
def sliding_perplexity(model, ids, window, step):
    model.train(False)
    seq, total = ids.shape[1], 0
    for place in range(1, seq):
        begin = 0
        while begin + window <= place:
            begin += step
        log_probs = model(ids[:, begin:place]).logits[0, -1].log_softmax(-1)
        total = total - log_probs[ids[0, place]]
    return torch.exp(total / (seq - 1))
