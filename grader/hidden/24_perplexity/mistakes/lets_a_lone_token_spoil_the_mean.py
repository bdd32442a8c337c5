def perplexity(model, tokenizer, texts):
    model.eval()
    total, scored = 0.0, 0
    for text in texts:
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            loss = model(ids, labels=ids).loss
        total = total + loss * (ids.shape[1] - 1)
        scored = scored + ids.shape[1] - 1
    return torch.exp(total / scored).item()
