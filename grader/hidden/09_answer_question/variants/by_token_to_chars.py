"""Lists instead of tensors: a double loop over Python numbers, characters from the encoding's own methods."""


@torch.inference_mode()
def answer(model, tokenizer, question, context, allow_none=False, threshold=0.0):
    inputs = tokenizer([question], [context], return_tensors="pt")
    output = model.eval()(**inputs, return_dict=False)
    start, end = output[0].squeeze(0).tolist(), output[1].squeeze(0).tolist()
    parts = inputs.sequence_ids(0)
    best = None
    for s in range(len(start)):
        for e in range(s, min(s + 30, len(end))):
            if parts[s] == parts[e] == 1 and (best is None or start[s] + end[e] > best[0]):
                best = start[s] + end[e], s, e
    score, s, e = best
    if allow_none and start[0] + end[0] > score + threshold:
        return {"answer": "", "start": 0, "end": 0, "score": start[0] + end[0]}
    left, right = inputs.token_to_chars(0, s).start, inputs.token_to_chars(0, e).end
    return {"answer": context[left:right], "start": left, "end": right, "score": score, "tokens": (s, e)}
