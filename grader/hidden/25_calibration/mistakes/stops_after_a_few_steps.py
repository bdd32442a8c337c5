import torch


def fit_temperature(logits, targets):
    temperature = torch.ones(1, requires_grad=True)
    optimiser = torch.optim.SGD([temperature], lr=0.01)
    for _ in range(50):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(logits / temperature, targets.long()).backward()
        optimiser.step()
    return temperature.item()
