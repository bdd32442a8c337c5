def prepare(tokenizer, texts, pairs=None):
    rows = tokenizer(texts, pairs, truncation=True)
    longest = max(map(len, rows["input_ids"]))
    return {key: torch.tensor([row + [0] * (longest - len(row)) for row in rows[key]]) for key in rows}
