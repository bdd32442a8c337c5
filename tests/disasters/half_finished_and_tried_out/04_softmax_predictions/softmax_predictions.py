import torch


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


def predict(model, tokenizer, texts, threshold=0.5):
    # TODO 2: evaluation mode; encode all texts as one padded batch; the logits, without gradients.
    raise NotImplementedError("TODO 2")


print(probabilities(torch.tensor([[1.0, 2.0]])))
print(predict(None, None, ["hello"]))
