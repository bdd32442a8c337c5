def unknown_rate(tokenizer, texts):
    rows = tokenizer(texts, add_special_tokens=False, padding=True)["input_ids"]
    ids = [token for row in rows for token in row]
    return ids.count(tokenizer.unk_token_id) / len(ids) if ids else 0.0
