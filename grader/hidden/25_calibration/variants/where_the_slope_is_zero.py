"""Bisection over the inverse temperature, where the slope changes sign; bincount of digitized bins."""

import numpy as np
import torch


def negative_log_likelihood(logits, targets, temperature):
    rows = torch.arange(len(targets))
    return float(-(logits * (1 / temperature)).double().log_softmax(1)[rows, targets].mean())


def fit_temperature(logits, targets):
    scores = logits.double()
    wanted = scores[range(len(targets)), targets].mean()
    low, high = 1 / 20, 1 / 0.05
    for _ in range(50):
        middle = (low + high) / 2
        slope = ((scores * middle).softmax(-1) * scores).sum(-1).mean() - wanted
        low, high = (low, middle) if slope > 0 else (middle, high)
    return 1 / middle


def expected_calibration_error(probabilities, targets, bins=10):
    values = probabilities.numpy().astype(float)
    confidences = values.max(axis=1)
    gaps = (values.argmax(axis=1) == targets.numpy()) - confidences
    places = np.digitize(confidences, np.arange(1, bins) / bins, right=True)
    return np.abs(np.bincount(places, weights=gaps)).sum() / len(gaps)
