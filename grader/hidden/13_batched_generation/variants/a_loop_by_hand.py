"""No `generate`: the loop of the exercises before, for a batch, with rows that are done left alone."""


def continue_texts(model, tokenizer, prompts, max_new_tokens):
    model.eval().requires_grad_(False)
    rows = [tokenizer(prompt)["input_ids"] for prompt in prompts]
    width, ends = max(map(len, rows)), model.generation_config.eos_token_id
    ends = {tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])}
    ids = torch.tensor([[0] * (width - len(row)) + row for row in rows])
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
    made = [[] for _ in rows]
    for _ in range(max_new_tokens):
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
        best = model(ids, attention_mask=mask, position_ids=positions).logits[:, -1].argmax(-1)
        for texts, token in zip(made, best.tolist(), strict=True):
            if ends.isdisjoint(texts):
                texts.append(token)
        ids = torch.cat([ids, best[:, None]], dim=1)
        mask = torch.cat([mask, torch.ones(len(rows), 1, dtype=mask.dtype)], dim=1)
        if not any(ends.isdisjoint(texts) for texts in made):
            break
    return [tokenizer.decode([token for token in texts if token not in ends]) for texts in made]
