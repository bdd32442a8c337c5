"""A plain dict of tensors, gradients detached, the result as a numpy array."""


def prepare(tokenizer, texts, pairs=None):
    texts = list(texts)
    lists = (
        tokenizer(texts, padding="longest", truncation=True)
        if pairs is None
        else tokenizer(text=texts, text_pair=list(pairs), padding="longest", truncation=True)
    )
    return {name: torch.tensor(rows) for name, rows in lists.items()}


def logits(model, tokenizer, texts, pairs=None):
    model = model.eval()
    batch = prepare(tokenizer, texts, pairs)
    output = model(**batch)
    return output["logits"].detach().cpu().numpy()
