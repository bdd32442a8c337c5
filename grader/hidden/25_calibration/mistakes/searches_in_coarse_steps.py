def fit_temperature(logits, targets):
    tried = [0.5 * step for step in range(1, 41)]
    return min(tried, key=lambda temperature: negative_log_likelihood(logits, targets, temperature))
