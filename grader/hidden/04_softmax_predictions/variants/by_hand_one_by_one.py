"""Softmax by hand, one text at a time, gradients detached."""


def probabilities(logits, multi_label=False):
    if multi_label:
        return 1 / (1 + torch.exp(-logits))
    shifted = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return shifted / shifted.sum(dim=1, keepdim=True)


def predict(model, tokenizer, texts, threshold=0.5):
    model.train(False)
    found = []
    for text in texts:
        logits = model(**tokenizer(text, return_tensors="pt")).logits.detach()
        if model.config.num_labels == 1:
            score = probabilities(logits, True).item()
            found.append(dict(score=score, label=model.config.id2label[0] if score >= threshold else "NONE"))
        else:
            score, index = probabilities(logits).max(dim=-1)
            found.append(dict(score=score.item(), label=model.config.id2label[index.item()]))
    return found
