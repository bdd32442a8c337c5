def entities(model, tokenizer, text, how="first"):
    model.eval()
    encoded = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        probs = model(**encoded).logits[0].softmax(dim=-1)
    words = [place for place, word in enumerate(encoded.word_ids(0)) if word is not None]
    scores, ids = probs[words].max(dim=-1)
    labels = [model.config.id2label[label_id] for label_id in ids.tolist()]
    found = []
    for kind, first, end in group(labels):
        begin = encoded.token_to_chars(words[first]).start
        stop = encoded.token_to_chars(words[end - 1]).end
        score = float(scores[first:end].mean())
        found.append({"type": kind, "start": begin, "end": stop, "text": text[begin:stop], "score": score})
    return found
