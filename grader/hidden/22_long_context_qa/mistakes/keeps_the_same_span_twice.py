def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    model.eval()
    encoded = windows(tokenizer, question, context, window, overlap)
    with torch.no_grad():
        output = model(**{name: encoded[name] for name in tokenizer.model_input_names})
    found = []
    for row, offsets in enumerate(encoded["offset_mapping"].tolist()):
        inside = torch.tensor([part == 1 for part in encoded.sequence_ids(row)])
        allowed = (inside[:, None] & inside[None, :]).triu().tril(max_tokens - 1)
        scores = output.start_logits[row][:, None] + output.end_logits[row][None, :]
        for first, last in allowed.nonzero().tolist():
            found.append((float(scores[first, last]), offsets[first][0], offsets[last][1]))
    if allow_none:
        found.append((no_answer_score(output.start_logits, output.end_logits), 0, 0))
    found.sort(key=lambda item: item[0], reverse=True)
    return [{"answer": context[a:b], "start": a, "end": b, "score": score} for score, a, b in found[:n]]
