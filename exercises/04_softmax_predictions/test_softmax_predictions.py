"""Public checks of 04_softmax_predictions: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

LOGITS = torch.tensor([[6.0, 5.0, -1.0], [0.0, 1.0, 0.5], [2.0, -1.0, 1.5], [-2.0, 0.0, -3.0]])


@pytest.fixture
def classifier():
    name = "distilbert-base-uncased-finetuned-sst-2-english"
    return AutoModelForSequenceClassification.from_pretrained(name), AutoTokenizer.from_pretrained(name)


def test_each_row_sums_to_one(student):
    """The labels of a row compete: their probabilities sum to 1."""
    rows = torch.as_tensor(student.probabilities(LOGITS))
    assert rows.shape == LOGITS.shape
    torch.testing.assert_close(rows.sum(-1).float(), torch.ones(4))
    assert rows[0, 0] == pytest.approx(0.7306, abs=1e-4)


def test_several_labels_stand_alone(student):
    """With several labels per text, a logit of 0 is one half, whatever stands beside it."""
    rows = torch.as_tensor(student.probabilities(LOGITS, multi_label=True))
    assert rows[1, 0] == pytest.approx(0.5)
    assert rows[3, 1] == pytest.approx(0.5)


def test_a_prediction_is_a_label_of_the_model_and_its_probability(student, classifier):
    """Praise is POSITIVE and blame NEGATIVE, each by the model's own name for it, with a score from 0.5 to 1."""
    model, tokenizer = classifier
    predictions = student.predict(model, tokenizer, ["I love this movie!", "Esta película es horrible"])
    assert [prediction["label"] for prediction in predictions] == ["POSITIVE", "NEGATIVE"]
    assert all(0.5 <= prediction["score"] <= 1 for prediction in predictions)


def test_predicting_together_is_predicting_one_by_one(student, classifier):
    """The other texts of the batch change nothing."""
    model, tokenizer = classifier
    texts = ["I love this movie!", "The film was long and the story made no sense."]
    together = student.predict(model, tokenizer, texts)
    alone = [student.predict(model, tokenizer, [text])[0] for text in texts]
    assert [p["label"] for p in together] == [p["label"] for p in alone]
    assert [p["score"] for p in together] == pytest.approx([p["score"] for p in alone], abs=1e-4)
