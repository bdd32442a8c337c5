import torch


def best_span(start, end, context, max_tokens=30):
    if not context.any():
        raise ValueError("no context")
    s = torch.argmax(start.masked_fill(~context, -torch.inf))
    e = torch.argmax(end.masked_fill(~context, -torch.inf))
    return s.item(), e.item(), (start[s] + end[e]).item()
