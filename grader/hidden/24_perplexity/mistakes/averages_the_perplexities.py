def perplexity(model, tokenizer, texts):
    model.eval()
    enc = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**enc).logits
    losses = token_losses(logits, enc["input_ids"])
    mask = enc["attention_mask"][:, 1:]
    each = ((losses * mask).sum(dim=1) / mask.sum(dim=1)).exp()
    return each.mean().item()
