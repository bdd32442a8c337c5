def unknown_rate(tokenizer, texts):
    rates = []
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        rates.append(ids.count(tokenizer.unk_token_id) / len(ids))
    return sum(rates) / len(rates)
