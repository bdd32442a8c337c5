"""Plain Python for the loss and the bins; the fit tries many temperatures at once in numpy."""

import math

import numpy as np


def negative_log_likelihood(logits, targets, temperature):
    losses = []
    for row, target in zip(logits.tolist(), targets.tolist()):
        largest = max(row)
        total = sum(math.exp((value - largest) / temperature) for value in row)
        losses.append(math.log(total) - (row[target] - largest) / temperature)
    return sum(losses) / len(losses)


def fit_temperature(logits, targets):
    scores = logits.numpy().astype(np.float64)
    scores = scores - scores.max(axis=1, keepdims=True)
    mean_of_targets = scores[np.arange(len(scores)), targets.numpy()].mean()
    tried = np.geomspace(0.05, 20, 1200)
    losses = [np.log(np.exp(scores / t).sum(axis=1)).mean() - mean_of_targets / t for t in tried]
    return tried[int(np.argmin(losses))]


def expected_calibration_error(probabilities, targets, bins=10):
    groups = {}
    for row, target in zip(probabilities.tolist(), targets.tolist()):
        confidence = max(row)
        groups.setdefault(math.ceil(confidence * bins), []).append((confidence, row.index(confidence) == target))
    gaps = (abs(sum(right - confidence for confidence, right in group)) for group in groups.values())
    return sum(gaps) / len(targets)
