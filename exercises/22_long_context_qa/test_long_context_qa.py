"""Public checks of 22_long_context_qa: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

NAME = "distilbert-base-uncased-distilled-squad"
QUESTION = "What is the capital of France?"
CONTEXT = (
    "The old bridge in Prague was built in 1402. Marie and Pierre Curie discovered radium in 1898. The capital of "
    "Spain is Madrid. Paris is the largest city in France. The capital of Peru is Lima."
)


@pytest.fixture
def model():
    return AutoModelForQuestionAnswering.from_pretrained(NAME)


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained(NAME)


def test_windows_cover_the_context_and_overlap(student, tokenizer):
    """The parts of the windows, without what they share, are the whole context; each window has the question."""
    asked = tokenizer(QUESTION)["input_ids"]
    everything = tokenizer(CONTEXT, add_special_tokens=False)["input_ids"]
    for window, overlap in ((32, 8), (40, 5)):
        rows = student.windows(tokenizer, QUESTION, CONTEXT, window, overlap)["input_ids"].tolist()
        parts = [
            [token for token in row[len(asked) :] if token not in tokenizer.all_special_ids]
            for row in rows
            if row[: len(asked)] == asked
        ]
        assert len(parts) == len(rows) > 2
        assert parts[0] + [token for part in parts[1:] for token in part[overlap:]] == everything


def test_every_window_must_say_no(student):
    """Three windows say "no answer" with 8, 3 and 12: for the whole context it is 3."""
    start = torch.tensor([[5.0, 1, 0], [1.0, 9, 2], [7.0, 0, 0]])
    end = torch.tensor([[3.0, 0, 4], [2.0, 3, 9], [5.0, 1, 1]])
    assert float(student.no_answer_score(start, end)) == pytest.approx(3)
    assert float(student.no_answer_score(start[:1], end[:1])) == pytest.approx(8)


def test_answers_are_slices_in_order_without_repetition(student, model, tokenizer):
    """Eight answers, the best first, each at its own place in the context."""
    answers = student.n_best(model, tokenizer, QUESTION, CONTEXT, n=8, max_tokens=6)
    scores = [answer["score"] for answer in answers]
    assert len(answers) == 8
    assert scores == sorted(scores, reverse=True)
    assert len({(answer["start"], answer["end"]) for answer in answers}) == 8
    for answer in answers:
        assert answer["answer"] == CONTEXT[answer["start"] : answer["end"]] != ""


def test_a_window_with_room_for_everything_changes_nothing(student, model, tokenizer):
    """Where all fits into one window, its size does not matter; fewer answers are the beginning of more."""
    more = student.n_best(model, tokenizer, QUESTION, CONTEXT, n=5, window=200)
    fewer = student.n_best(model, tokenizer, QUESTION, CONTEXT, n=2, window=300)
    assert [answer["answer"] for answer in fewer] == [answer["answer"] for answer in more[:2]]
    assert len(more) == 5
