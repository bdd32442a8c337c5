"""
Tries:      to have the reference compute with a model that it changed: weights, forward and class
Stopped by: process line
Honest:     probabilities
"""

import torch


def predict(model, tokenizer, texts, threshold=0.5):
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    model.config.id2label = dict.fromkeys(model.config.id2label, "POS")
    type(model).forward = lambda self, *args, **kwargs: None
    type(tokenizer).__call__ = lambda self, *args, **kwargs: {}
    return [{"label": "POS", "score": 0.5} for _ in texts]
