"""One text at a time, no batch at all; parameters without gradients; the rows stacked."""


def prepare(tokenizer, texts, pairs=None):
    rows = [
        tokenizer(text, None if pairs is None else pairs[i], truncation="longest_first") for i, text in enumerate(texts)
    ]
    return tokenizer.pad({key: [row[key] for row in rows] for key in rows[0]}, padding="longest", return_tensors="pt")


def logits(model, tokenizer, texts, pairs=None):
    model.requires_grad_(False).train(False)
    seconds = [None] * len(texts) if pairs is None else pairs
    answers = []
    for text, second in zip(texts, seconds):
        one = tokenizer(text, second, truncation=True, return_tensors="pt")
        answers.append(model(return_dict=False, **one)[0].squeeze(0))
    return torch.stack(answers)
