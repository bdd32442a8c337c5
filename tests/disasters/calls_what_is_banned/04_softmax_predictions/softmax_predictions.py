import torch
from transformers import pipeline


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


def predict(model, tokenizer, texts, threshold=0.5):
    import transformers

    classify = transformers.pipeline("text-classification", model=model, tokenizer=tokenizer)
    return classify(texts)
