import torch


def fit_temperature(logits, targets):
    tried = torch.linspace(0.05, 20, 100).tolist()
    return min(tried, key=lambda temperature: negative_log_likelihood(logits, targets, temperature))
