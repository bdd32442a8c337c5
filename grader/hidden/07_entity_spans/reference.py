"""What a suite needs to know of a text before it hands it over: the labels of its words, and how clear they are."""


def facts(model, tokenizer, texts, how):
    """Return `(labels of the words, smallest lead)` of each text.

    The lead is that of a word's likeliest label over the next one, and of its surest piece over the next one.
    """
    found = []
    for text in texts:
        encoded = tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            probs = model.eval()(**encoded).logits[0].softmax(dim=-1)
        words, rows = word_scores(probs, encoded.word_ids(0), how)
        best = rows.topk(2).values
        leads = [float((best[:, 0] - best[:, 1]).min())]
        for word in words:
            pieces = [place for place, of in enumerate(encoded.word_ids(0)) if of == word]
            surest = probs[pieces].max(dim=1).values.sort(descending=True).values
            leads += [float(surest[0] - surest[1])] if len(pieces) > 1 else []
        found.append(([model.config.id2label[i] for i in rows.argmax(dim=-1).tolist()], min(leads)))
    return found
