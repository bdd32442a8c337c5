"""Pairs zipped into one list of tuples, inference mode as a decorator, small batches sorted by length and put back."""


def prepare(tokenizer, texts, pairs=None):
    inputs = texts if pairs is None else list(zip(texts, pairs))
    return tokenizer(inputs, return_tensors="pt", padding=True, truncation=True, max_length=tokenizer.model_max_length)


@torch.inference_mode()
def logits(model, tokenizer, texts, pairs=None):
    model.eval()
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    rows = {}
    for start in range(0, len(order), 2):
        chosen = order[start : start + 2]
        batch = prepare(tokenizer, [texts[i] for i in chosen], None if pairs is None else [pairs[i] for i in chosen])
        types = {"token_type_ids": batch["token_type_ids"]} if "token_type_ids" in batch else {}
        found = model(batch.input_ids, attention_mask=batch.attention_mask, **types).to_tuple()[0]
        rows.update(zip(chosen, found.tolist()))
    return [rows[i] for i in range(len(texts))]
