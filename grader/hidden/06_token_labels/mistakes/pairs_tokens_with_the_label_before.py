def tag(model, tokenizer, texts):
    model.eval()
    encoded = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        scores, ids = likeliest(model(**encoded).logits)
    results = []
    for row, text in enumerate(texts):
        found = []
        for token, label_id, score in zip(tokenizer.tokenize(text), ids[row], scores[row]):
            label = model.config.id2label[int(label_id)]
            if label != "O":
                found.append((token, label, float(score)))
        results.append(found)
    return results
