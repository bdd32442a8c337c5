def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    model.eval()
    encoded = windows(tokenizer, question, context, window, overlap)
    with torch.no_grad():
        output = model(**{name: encoded[name] for name in tokenizer.model_input_names})
    found = {}
    for row, offsets in enumerate(encoded["offset_mapping"].tolist()):
        inside = [part == 1 for part in encoded.sequence_ids(row)]
        start, end = output.start_logits[row], output.end_logits[row]
        for first in start.argsort(descending=True)[:20].tolist():
            for last in end.argsort(descending=True)[:20].tolist():
                if inside[first] and inside[last] and first <= last < first + max_tokens:
                    place = (offsets[first][0], offsets[last][1])
                    found[place] = max(float(start[first] + end[last]), found.get(place, -torch.inf))
    if allow_none:
        found[0, 0] = no_answer_score(output.start_logits, output.end_logits)
    ranked = sorted(found.items(), key=lambda item: item[1], reverse=True)[:n]
    return [{"answer": context[a:b], "start": a, "end": b, "score": score} for (a, b), score in ranked]
