"""All spans of one token, then all of two, and so on; 0-d tensors in a dataclass."""

from dataclasses import dataclass


@dataclass
class Span:
    first: torch.Tensor
    last: torch.Tensor
    score: torch.Tensor


class NoContext(ValueError):
    pass


def best_span(start, end, context, max_tokens=30):
    if context.sum() == 0:
        raise NoContext("there is nothing to choose from")
    outside = torch.finfo(start.dtype).min / 4
    start = torch.where(context, start, outside)
    end = torch.where(context, end, outside)
    found = []
    for longer in range(min(max_tokens, start.numel())):
        scores = start[: start.numel() - longer] + end[longer:]
        score, first = scores.max(dim=0)
        found.append(Span(first, first + longer, score))
    return max(found, key=lambda span: span.score.item())
