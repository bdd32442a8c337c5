"""Recursion over the labels, a matrix that says which piece belongs to which word, token_to_chars."""


def group(labels, first=0):
    if first >= len(labels):
        return []
    if labels[first] == "O":
        return group(labels, first + 1)
    kind, end = labels[first].partition("-")[2], first + 1
    while end < len(labels) and labels[end] == "I-" + kind:
        end += 1
    return [(kind, first, end), *group(labels, end)]


def word_scores(probs, word_ids, how):
    words = list(dict.fromkeys(w for w in word_ids if w is not None))
    belongs = torch.tensor([[w == word for w in word_ids] for word in words], dtype=probs.dtype)
    belongs = belongs.reshape(len(words), len(word_ids))
    if how == "average":
        return words, belongs @ probs / belongs.sum(1, keepdim=True)
    if not words:
        return words, probs[:0]
    surest = belongs if how == "first" else belongs * probs.max(1).values
    return words, probs[surest.argmax(1)]


def entities(model, tokenizer, text, how="first"):
    if not text:
        return []
    model.eval()
    encoded = tokenizer(text, add_special_tokens=True, return_tensors="pt")
    with torch.no_grad():
        probs = model(**encoded).logits.log_softmax(-1).exp().squeeze(0)
    ids = encoded.word_ids(0)
    words, rows = word_scores(probs, ids, how)
    best = rows.topk(1)
    labels = [model.config.id2label[i.item()] for i in best.indices]
    last = {word: place for place, word in enumerate(ids)}
    result = []
    for kind, first, end in group(labels):
        start = encoded.token_to_chars(ids.index(words[first])).start
        stop = encoded.token_to_chars(last[words[end - 1]]).end
        score = best.values[first:end].mean()
        result.append(
            {"score": score, "text": text[start:stop], "end": stop, "start": start, "type": kind, "words": end - first}
        )
    return result
