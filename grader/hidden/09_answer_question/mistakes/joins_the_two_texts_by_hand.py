def answer(model, tokenizer, question, context, allow_none=False, threshold=0.0):
    model.eval()
    before = f"{question} {tokenizer.sep_token} "
    encoded = tokenizer(before + context, return_offsets_mapping=True, return_tensors="pt")
    offsets = encoded.pop("offset_mapping")[0].tolist()
    with torch.no_grad():
        output = model(**encoded)
    start, end = output.start_logits[0], output.end_logits[0]
    inside = torch.tensor([left >= len(before) for left, right in offsets])
    pairs = start[:, None] + end[None, :]
    allowed = (inside[:, None] & inside[None, :]).triu().tril(29)
    pairs = pairs.masked_fill(~allowed, -torch.inf)
    first, last = divmod(int(pairs.argmax()), len(start))
    score = float(pairs[first, last])
    null = float(start[0] + end[0])
    if allow_none and null - score > threshold:
        return {"answer": "", "start": 0, "end": 0, "score": null}
    begin, stop = offsets[first][0], offsets[last][1]
    return {"answer": (before + context)[begin:stop], "start": begin, "end": stop, "score": score}
