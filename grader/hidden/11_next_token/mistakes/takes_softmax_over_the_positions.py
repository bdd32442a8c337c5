def top_next(model, tokenizer, text, k=5):
    model.eval()
    with torch.no_grad():
        logits = model(**tokenizer(text, return_tensors="pt")).logits
    best = logits.softmax(dim=1)[0, -1].topk(k)
    return [(tokenizer.decode([i]), p) for p, i in zip(best.values.tolist(), best.indices.tolist(), strict=True)]
