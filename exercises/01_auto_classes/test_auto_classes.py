"""Public checks of 01_auto_classes: what a right answer does, on inputs that you can read."""

import pytest
from transformers import AutoModel, AutoModelForSequenceClassification, DistilBertForSequenceClassification

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"


def test_a_task_has_an_auto_class(student):
    """A classifier of texts has a head for them, features need none."""
    assert student.auto_class("text-classification") is AutoModelForSequenceClassification
    assert student.auto_class("features") is AutoModel


def test_an_unknown_task_is_an_error(student):
    """A task that is not in the list raises ValueError."""
    with pytest.raises(ValueError):
        student.auto_class("weather-forecast")


def test_a_checkpoint_loads_with_the_head_of_the_task(student):
    """A fine-tuned checkpoint brings its head and the names of its labels."""
    model = student.load("text-classification", SST2)
    assert type(model) is DistilBertForSequenceClassification
    assert model.config.id2label == {0: "NEGATIVE", 1: "POSITIVE"}


def test_the_caller_says_how_many_labels(student):
    """The head has as many labels as asked for, whatever the checkpoint had."""
    for checkpoint in ("bert-base-uncased", SST2):
        assert student.load("text-classification", checkpoint, 5).num_labels == 5


def test_a_fine_tuned_checkpoint_has_no_fresh_weights(student):
    """A checkpoint of the task has all weights; a base checkpoint lacks the head."""
    assert set(student.fresh_weights("text-classification", SST2)) == set()
    fresh = student.fresh_weights("text-classification", "bert-base-uncased")
    assert set(fresh) == {"classifier.weight", "classifier.bias"}
