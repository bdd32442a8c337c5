"""Loops over Python numbers, lists as results; the sum of what is kept divides it."""

import math


def _probabilities(row):
    largest = max(row)
    weights = [math.exp(value - largest) for value in row]
    return [weight / math.fsum(weights) for weight in weights]


def kept_tokens(logits, p):
    if p > 1 or not p > 0:
        raise ValueError
    result = []
    for row in logits.tolist():
        probabilities = _probabilities(row)
        kept, total = [p == 1] * len(row), 0.0
        for column in sorted(range(len(row)), key=lambda i: -row[i]):
            if total >= p:
                break
            kept[column] = True
            total += probabilities[column]
        result.append(kept)
    return result


def distribution(logits, p, temperature=1.0):
    result = []
    scaled = [[value / temperature for value in row] for row in logits.tolist()]
    for row, kept in zip(scaled, kept_tokens(torch.tensor(scaled), p)):
        left = [probability * keep for probability, keep in zip(_probabilities(row), kept)]
        result.append([probability / sum(left) for probability in left])
    return result
