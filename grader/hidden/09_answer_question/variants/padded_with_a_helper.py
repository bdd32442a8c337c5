"""A padded batch of one, a helper as in exercise 08, log-probabilities to choose, 0-d tensors in a tuple."""


def best_span(start, end, context, max_tokens=30):
    low = torch.where(context, 0.0, -1e9)
    logs = (start + low).log_softmax(0).unsqueeze(1) + (end + low).log_softmax(0).unsqueeze(0)
    distance = torch.arange(len(end)).unsqueeze(0) - torch.arange(len(start)).unsqueeze(1)
    logs = logs.where((distance >= 0) & (distance < max_tokens), torch.tensor(-float("inf")))
    place = logs.flatten().topk(1).indices[0]
    return place // len(start), place % len(start)


def answer(model, tokenizer, question, context, allow_none=False, threshold=0.0):
    model.eval().requires_grad_(False)
    batch = tokenizer(
        text=[question], text_pair=[context], truncation="only_second", max_length=128, padding="max_length",
        return_offsets_mapping=True, return_special_tokens_mask=True, return_tensors="pt",
    )  # fmt: skip
    spans = batch.pop("offset_mapping")[0]
    special = batch.pop("special_tokens_mask")[0].bool()
    start, end = (logits.detach()[0] for logits in model(**batch).to_tuple()[:2])
    behind = torch.arange(len(start)) > int((batch["input_ids"][0] == tokenizer.sep_token_id).int().argmax())
    first, last = best_span(start, end, behind & ~special)
    score, nothing = start[first] + end[last], start[0] + end[0]
    if allow_none and bool(nothing - score > threshold):
        return "", 0, 0, nothing
    left, right = spans[first, 0], spans[last, 1]
    return context[left:right], left, right, score
