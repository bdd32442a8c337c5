"""The product of two softmax probabilities chooses, inside the slice of the context; the sum of logits is reported."""

from typing import NamedTuple


class Answer(NamedTuple):
    begin: int
    stop: int
    value: float


def best_span(start, end, context, max_tokens=30):
    positions = torch.nonzero(context).flatten()
    if len(positions) == 0:
        raise ValueError("no context")
    offset = positions[0].item()
    p = torch.softmax(start[positions], dim=0)
    q = torch.softmax(end[positions], dim=0)
    joint = torch.outer(p, q)
    joint = torch.tril(torch.triu(joint), diagonal=max_tokens - 1)
    index = joint.flatten().topk(1).indices.item()
    first, last = offset + index // len(q), offset + index % len(q)
    return Answer(first, last, (start[first] + end[last]).item())
