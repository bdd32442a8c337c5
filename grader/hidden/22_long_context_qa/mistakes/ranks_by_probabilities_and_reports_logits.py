def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    model.eval()
    encoded = windows(tokenizer, question, context, window, overlap)
    with torch.no_grad():
        output = model(**{name: encoded[name] for name in tokenizer.model_input_names})
    start, end = output.start_logits, output.end_logits
    found = {}
    for row, offsets in enumerate(encoded["offset_mapping"].tolist()):
        inside = torch.tensor([part == 1 for part in encoded.sequence_ids(row)])
        allowed = (inside[:, None] & inside[None, :]).triu().tril(max_tokens - 1)
        for first, last in allowed.nonzero().tolist():
            place = (offsets[first][0], offsets[last][1])
            share = float(start[row].softmax(0)[first] * end[row].softmax(0)[last])
            found[place] = max((share, float(start[row][first] + end[row][last])), found.get(place, (-1.0, 0.0)))
    if allow_none:
        found[0, 0] = (float((start.softmax(1)[:, 0] * end.softmax(1)[:, 0]).min()), no_answer_score(start, end))
    ranked = sorted(found.items(), key=lambda item: item[1], reverse=True)[:n]
    return [{"answer": context[a:b], "start": a, "end": b, "score": score} for (a, b), (_, score) in ranked]
