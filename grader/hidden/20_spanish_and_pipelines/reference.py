"""How safe an input is: labels are compared only where the likeliest one leads clearly, and spaces where they count."""


def lead(model, tokenizer, texts):
    """Return the smallest lead, in logits, of a likeliest label over the next one; 9 where there is one label only."""
    model.eval()
    leads = [9.0]
    for text in texts:
        with torch.no_grad():
            logits = model(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0]
        if len(logits) > 1:
            best, second = logits.topk(2).values.tolist()
            leads.append(best - second)
    return min(leads)


def reads_spaces(tokenizer, text):
    """Return whether the words of a text, each of them alone, make another number of tokens than the text."""
    alone = sum(len(tokenizer(word, add_special_tokens=False)["input_ids"]) for word in text.split())
    return alone != len(tokenizer(text, add_special_tokens=False)["input_ids"])
