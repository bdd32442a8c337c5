def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    model.eval()
    encoded = windows(tokenizer, question, context, window, overlap)
    with torch.no_grad():
        output = model(**{name: encoded[name] for name in tokenizer.model_input_names})
    found = {}
    for row, offsets in enumerate(encoded["offset_mapping"].tolist()):
        inside = torch.tensor([part == 1 for part in encoded.sequence_ids(row)])
        allowed = (inside[:, None] & inside[None, :]).triu().tril(max_tokens - 1)
        scores = output.start_logits[row][:, None] + output.end_logits[row][None, :]
        for first, last in allowed.nonzero().tolist():
            place = (offsets[first][0], offsets[last][1])
            found[place] = max(float(scores[first, last]), found.get(place, -torch.inf))
    ranked = sorted(found.items(), key=lambda item: item[1], reverse=True)[:n]
    if allow_none:
        ranked.append(((0, 0), no_answer_score(output.start_logits, output.end_logits)))
    return [{"answer": context[a:b], "start": a, "end": b, "score": score} for (a, b), score in ranked]
