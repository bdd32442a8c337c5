import torch


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


def predict(model, tokenizer, texts, threshold=0.5):
    model.eval()
    inputs = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits
    rows = probabilities(logits)
    # TODO 4: the likeliest label of each row and its name, or the threshold for a single label (about 8 lines).
    raise NotImplementedError("TODO 4")
