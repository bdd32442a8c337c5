def logits(model, tokenizer, texts, pairs=None):
    model.eval()
    rows = []
    while texts:
        encoded = prepare(tokenizer, [texts.pop(0)], pairs and [pairs.pop(0)])
        with torch.no_grad():
            rows.append(model(**encoded).logits)
    return torch.cat(rows)
