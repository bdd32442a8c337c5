import torch


def probabilities(logits, multi_label=False):
    if multi_label:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)
