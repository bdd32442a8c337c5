"""How safe an input is: labels are compared only where the likeliest one leads clearly."""


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
