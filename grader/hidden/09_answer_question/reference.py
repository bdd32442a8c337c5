"""How safe an input is: answers are compared only where the best span leads clearly."""


def lead(model, tokenizer, question, context, *_):
    """Return how far the best span of the context is ahead of the next one, and how far from "no answer"."""
    encoded = tokenizer(question, context, return_tensors="pt")
    with torch.no_grad():
        output = model.eval()(**encoded)
    start, end = output.start_logits[0], output.end_logits[0]
    inside = [place for place, part in enumerate(encoded.sequence_ids(0)) if part == 1]
    scores = sorted((float(start[s] + end[e]) for s in inside for e in inside if s <= e < s + 30), reverse=True)
    scores.append(-float("inf"))
    return min(scores[0] - scores[1], abs(scores[0] - float(start[0] + end[0])))
