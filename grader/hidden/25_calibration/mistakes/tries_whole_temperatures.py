def fit_temperature(logits, targets):
    return float(min(range(1, 21), key=lambda temperature: negative_log_likelihood(logits, targets, temperature)))
