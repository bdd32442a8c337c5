"""Public checks of 08_best_answer_span: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

# Tokens 6 to 16 are the context. The best start of the context is 16, the best end 10: no span has both.
START = torch.tensor([2, -1, 2, -2, -3, -1, 0, 0, -1, -4, -3, -1, 2, 6, 0, 3, 8, 0]).float()
END = torch.tensor([8, 0, -3, 6, 3, -2, 0, 1, 8, 0, 9, 5, 4, 1, -4, 0, -1, 0]).float()
CONTEXT = torch.tensor([6 <= position <= 16 for position in range(18)])


def test_the_best_pair_wins(student):
    """From token 7 to token 10 is the best span of at most 4 tokens: 0 + 9."""
    first, last, score = student.best_span(START, END, CONTEXT, 4)
    assert (int(first), int(last)) == (7, 10)
    assert float(score) == pytest.approx(9)


def test_a_single_token_is_a_span(student):
    """A span of one token starts and ends at the same place; longer ones win only where they are allowed."""
    start, end = torch.tensor([1.0, 4.0, 2.0, 3.0]), torch.tensor([2.0, -3.0, 3.0, 5.0])
    everywhere = torch.ones(4, dtype=torch.bool)
    first, last, score = student.best_span(start, end, everywhere, max_tokens=1)
    assert (int(first), int(last), float(score)) == (3, 3, 8)
    first, last, score = student.best_span(start, end, everywhere)
    assert (int(first), int(last), float(score)) == (1, 3, 9)


def test_without_a_context_there_is_no_span(student):
    """If no token belongs to the context, a ValueError says so."""
    with pytest.raises(ValueError):  # noqa: PT011
        student.best_span(START, END, torch.zeros(18, dtype=torch.bool))


def test_a_real_question_is_answered_inside_its_context(student):
    """The answer to a question lies in the context, in order, and is not too long."""
    name = "distilbert-base-uncased-distilled-squad"
    tokenizer = AutoTokenizer.from_pretrained(name)
    model = AutoModelForQuestionAnswering.from_pretrained(name)

    question = "What is the capital of France?"
    text = "Paris is the capital and largest city of France."
    inputs = tokenizer(question, text, return_tensors="pt")
    context = torch.tensor([part == 1 for part in inputs.sequence_ids(0)])
    with torch.no_grad():
        outputs = model(**inputs)
    start, end = outputs.start_logits[0], outputs.end_logits[0]

    for longest in (2, 5):
        first, last, score = student.best_span(start, end, context, longest)
        assert context[first]
        assert context[last]
        assert first <= last < first + longest
        assert float(score) == pytest.approx(float(start[first] + end[last]), abs=1e-4)
