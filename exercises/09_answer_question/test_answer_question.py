"""Public checks of 09_answer_question: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer
from transformers.modeling_outputs import QuestionAnsweringModelOutput

QUESTION = "What is the capital of France?"
CONTEXT = "Paris is the capital and largest city of France."


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained("distilbert-base-uncased-distilled-squad")


@pytest.fixture
def model():
    return AutoModelForQuestionAnswering.from_pretrained("distilbert-base-uncased-distilled-squad")


class Pointer(torch.nn.Module):
    """A model that is sure of itself: the first piece of one word starts the answer, the last of another ends it."""

    device = torch.device("cpu")

    def __init__(self, tokenizer, start, end, null=-9.0):
        super().__init__()
        self.start = tokenizer(start, add_special_tokens=False)["input_ids"][0]
        self.end = tokenizer(end, add_special_tokens=False)["input_ids"][-1]
        self.null = null

    def forward(self, input_ids, *others, **more):
        starts, ends = 8.0 * (input_ids == self.start), 8.0 * (input_ids == self.end)
        starts[:, 0] = ends[:, 0] = self.null
        output = QuestionAnsweringModelOutput(start_logits=starts, end_logits=ends)
        return output.to_tuple() if more.get("return_dict") is False else output


def test_the_answer_is_written_as_in_the_context(student, tokenizer):
    """This tokenizer knows neither capitals nor accents; the answer has both."""
    for name in ("María  Núñez", "MARÍA (NÚÑEZ"):
        found = student.answer(Pointer(tokenizer, "María", "Núñez"), tokenizer, "¿Quién?", f"La autora es {name}.")
        assert found["answer"] == name


def test_start_and_end_count_the_characters_of_the_context(student, model, tokenizer):
    """The answer is context[start:end], whatever the length of the question; to the lesson's question it is "Paris"."""
    for question in (QUESTION, "Where?"):
        found = student.answer(model, tokenizer, question, CONTEXT)
        assert found["answer"] == CONTEXT[found["start"] : found["end"]]
        assert found["answer"].strip()
    assert student.answer(model, tokenizer, QUESTION, CONTEXT)["answer"] == "Paris"


def test_the_answer_is_not_in_the_question(student, tokenizer):
    """The capital of the question does not count; the one of the context does."""
    found = student.answer(Pointer(tokenizer, "capital", "city"), tokenizer, QUESTION, CONTEXT)
    assert (found["answer"], found["start"], found["end"]) == ("capital and largest city", 13, 37)
    assert float(found["score"]) == pytest.approx(16)


def test_no_answer_is_given_only_where_it_is_allowed(student, tokenizer):
    """No answer scores 20 here, the best span 16: a lead of 4."""
    model = Pointer(tokenizer, "capital", "city", null=10)
    assert student.answer(model, tokenizer, QUESTION, CONTEXT)["answer"] == "capital and largest city"
    assert student.answer(model, tokenizer, QUESTION, CONTEXT, allow_none=True)["answer"] == ""
    careful = student.answer(model, tokenizer, QUESTION, CONTEXT, allow_none=True, threshold=5)
    assert careful["answer"] == "capital and largest city"
