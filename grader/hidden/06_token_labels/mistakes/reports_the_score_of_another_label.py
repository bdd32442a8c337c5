def tag(model, tokenizer, texts):
    model.eval()
    encoded = tokenizer(texts, padding=True, truncation=True, return_special_tokens_mask=True, return_tensors="pt")
    added = encoded.pop("special_tokens_mask")
    with torch.no_grad():
        probabilities = model(**encoded).logits.softmax(dim=-1)
    results = []
    for row in range(len(texts)):
        tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"][row])
        found, began = [], None
        for place, token in enumerate(tokens):
            best = int(probabilities[row, place].argmax())
            label = model.config.id2label[best]
            if label == "O":
                began = None
            elif began is None or label.startswith("B-"):
                began = best
            if not added[row, place] and label != "O":
                found.append((token, label, float(probabilities[row, place, began])))
        results.append(found)
    return results
