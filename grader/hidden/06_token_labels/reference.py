"""How safe an input is: labels are compared only where the likeliest one leads clearly."""


def lead(model, tokenizer, texts):
    """Return the smallest lead, in logits, of a likeliest label over the next one, among all tokens of the texts."""
    encoded = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        best = model.eval()(**encoded).logits.topk(2, dim=-1).values
    return (best[..., 0] - best[..., 1])[encoded["attention_mask"].bool()].min().item()
