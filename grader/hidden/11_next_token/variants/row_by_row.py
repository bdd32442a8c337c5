"""One text at a time without its padding, so that positions need no help; argsort; scores as 0-d tensors."""


@torch.inference_mode()
def next_logits(model, encoded):
    model.train(False)
    rows = []
    for ids, mask in zip(encoded.input_ids, encoded.attention_mask, strict=True):
        rows.append(model(input_ids=ids[mask.bool()].unsqueeze(0), return_dict=False)[0][0, -1])
    return rows


def top_next(model, tokenizer, text, k=5):
    scores = torch.stack(next_logits(model, tokenizer([text], return_tensors="pt"))).log_softmax(-1).exp().squeeze(0)
    chosen = scores.argsort(descending=True)[:k]
    return [[tokenizer.decode(int(i)), scores[i]] for i in chosen]
