"""The product of two softmax probabilities chooses, inside the context alone; the sum of logits is reported."""

from typing import NamedTuple


class Answer(NamedTuple):
    begin: int
    stop: int
    value: float


def best_span(start, end, context, max_tokens=30):
    positions = torch.nonzero(context).flatten()
    if len(positions) == 0:
        raise ValueError("no context")
    p = torch.softmax(start[positions], dim=0)
    q = torch.softmax(end[positions], dim=0)
    tokens = positions[None, :] - positions[:, None] + 1
    joint = torch.outer(p, q) * (tokens >= 1) * (tokens <= max_tokens)
    index = joint.flatten().topk(1).indices.item()
    first, last = positions[index // len(q)].item(), positions[index % len(q)].item()
    return Answer(first, last, (start[first] + end[last]).item())
