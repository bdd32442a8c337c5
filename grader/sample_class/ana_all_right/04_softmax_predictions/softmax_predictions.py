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
    single = logits.shape[1] == 1
    result = []
    for row in probabilities(logits, multi_label=single):
        score, index = row.max(dim=0)
        name = model.config.id2label[index.item()]
        if single and score < threshold:
            name = "NONE"
        result.append({"label": name, "score": score.item()})
    return result
