"""cross_entropy, LBFGS over the logarithm of the temperature in float32; a loop over the borders; 0-d tensors."""

import torch
import torch.nn.functional as F


def negative_log_likelihood(logits, targets, temperature):
    return F.cross_entropy(logits / temperature, targets)


def fit_temperature(logits, targets):
    logarithm = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([logarithm], lr=0.5, max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = negative_log_likelihood(logits, targets, logarithm.exp())
        loss.backward()
        return loss

    optimiser.step(closure)
    return logarithm.exp().clamp(0.05, 20.0)[0]


def expected_calibration_error(probabilities, targets, bins=10):
    confidences, predictions = torch.max(probabilities, 1)
    borders = torch.linspace(0, 1, bins + 1)
    error = torch.zeros(())
    for low, high in zip(borders[:-1], borders[1:]):
        inside = confidences.gt(low.item()) & confidences.le(high.item())
        if inside.any():
            accuracy = predictions[inside].eq(targets[inside]).float().mean()
            error += (accuracy - confidences[inside].mean()).abs() * inside.float().mean()
    return error
