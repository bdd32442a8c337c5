import torch


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


class Predictor:
    def __call__(self, model, tokenizer, texts, threshold=0.5):
        model.eval()
        inputs = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        with torch.no_grad():
            logits = model(**inputs).logits
        rows = probabilities(logits, multi_label=logits.shape[-1] == 1)
        return [self.name(row, model.config.id2label, threshold) for row in rows]

    def name(self, row, names, threshold):
        best = int(row.argmax())
        score = float(row[best])
        return {"label": "NONE" if len(row) == 1 and score < threshold else names[best], "score": score}


predict = Predictor()
