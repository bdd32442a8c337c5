import torch


def fit_temperature(logits, targets):
    temperature = torch.nn.Parameter(torch.ones(1) * 1.5)
    optimiser = torch.optim.LBFGS([temperature], lr=0.01, max_iter=50)

    def loss_of_the_logits():
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(logits / temperature, targets.long())
        loss.backward()
        return loss

    optimiser.step(loss_of_the_logits)
    return temperature.item()
