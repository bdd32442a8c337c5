"""The exponential of a log-softmax, topk, a module instead of a method, scores as 0-d tensors."""

from dataclasses import dataclass


@dataclass
class Prediction:
    label: str
    score: torch.Tensor


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.nn.Sigmoid()(logits)
    return torch.nn.functional.log_softmax(logits, dim=1).exp()


def predict(model, tokenizer, texts, threshold=0.5):
    model.eval().requires_grad_(False)
    output = model(**tokenizer(texts, padding="max_length", max_length=60, truncation=True, return_tensors="pt"))
    probs = probabilities(output["logits"], multi_label=output[0].size(1) == 1)
    values, indices = torch.topk(probs, 1)
    answers = []
    for value, index in zip(values, indices):
        label = model.config.id2label[index.item()]
        if probs.shape[1] == 1 and value.item() < threshold:
            label = "NONE"
        answers.append(Prediction(label, value[0]))
    return answers
