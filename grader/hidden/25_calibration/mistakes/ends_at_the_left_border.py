def fit_temperature(logits, targets):
    tried = [0.05 * 1.05**step for step in range(123)]

    def accuracy(temperature):
        return ((logits / temperature).argmax(dim=-1) == targets).double().mean().item()

    return max(tried, key=accuracy)
