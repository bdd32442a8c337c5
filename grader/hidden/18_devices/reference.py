"""What the suite asks of an input: how decisive it is."""


def least_margin(model, tokenizer, texts):
    """Return the smallest lead of a likeliest label over the next one, in logits, among the texts."""
    enc = move(tokenizer(texts, padding=True, truncation=True, return_tensors="pt"), model)
    with torch.no_grad():
        best = model.eval()(**enc).logits.float().topk(2).values
    return (best[:, 0] - best[:, 1]).min().item()
