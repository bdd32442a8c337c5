import torch


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


def predict(model, tokenizer, texts, threshold=0.5):
    model.eval()
    inputs = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        scores = probabilities(model(**inputs).logits)
    best = scores.max(dim=-1)
    return [
        {"label": model.config.id2label[int(index)], "score": score.item}
        for index, score in zip(best.indices, best.values)
    ]
