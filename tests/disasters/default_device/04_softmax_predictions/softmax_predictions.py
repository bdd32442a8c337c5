import torch

torch.set_default_device("meta")


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


def predict(model, tokenizer, texts, threshold=0.5):
    model.eval()
    inputs = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits
    results = []
    for row in probabilities(logits, multi_label=logits.shape[-1] == 1):
        best = int(row.argmax())
        label, score = model.config.id2label[best], float(row[best])
        if len(row) == 1 and score < threshold:
            label = "NONE"
        results.append({"label": label, "score": score})
    return results
