"""Public checks of 18_devices: what a right answer does, on inputs that you can read.

They need no GPU: the meta device, which holds shapes and no numbers, is as far from the CPU as a GPU is.
"""

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

CHECKPOINT = "distilbert-base-uncased-finetuned-sst-2-english"
TEXTS = ["I love this movie!", "The film was long and the story made no sense."]


@pytest.fixture
def classifier():
    return AutoModelForSequenceClassification.from_pretrained(CHECKPOINT), AutoTokenizer.from_pretrained(CHECKPOINT)


def test_the_device_that_is_picked_can_be_used(student):
    """A tensor can be put on the device; a preference that the machine can fulfil is followed."""
    assert torch.ones(2, device=student.pick_device()).sum().item() == 2
    assert torch.ones(2, device=student.pick_device("cuda")).sum().item() == 2
    assert torch.device(student.pick_device("cpu")) == torch.device("cpu")
    assert torch.device(student.pick_device("meta")) == torch.device("meta")


def test_tensors_go_where_the_model_is(student, classifier):
    """Every tensor of the encoding is on the model's device, and the model has not moved."""
    model, tokenizer = classifier
    model.to("meta")
    moved = student.move(tokenizer(TEXTS, padding=True, return_tensors="pt"), model)
    assert moved["input_ids"].device == moved["attention_mask"].device == torch.device("meta")
    assert model.device == torch.device("meta")


def test_an_encoding_stays_an_encoding(student, classifier):
    """It keeps its methods, and entries that are no tensors."""
    model, tokenizer = classifier
    enc = tokenizer(TEXTS, padding=True, return_tensors="pt")
    words = enc.word_ids(1)
    enc["texts"] = TEXTS
    moved = student.move(enc, model.to("meta"))
    assert moved.word_ids(1) == words
    assert moved["texts"] == TEXTS


def test_predictions_are_plain_numbers(student, classifier):
    """One id per text, each that of a label of the model."""
    model, tokenizer = classifier
    predictions = list(student.predict_on(model, tokenizer, TEXTS))
    assert len(predictions) == 2
    assert all(int(id) in model.config.id2label for id in predictions)


def test_a_model_that_was_placed_by_device_map_predicts_the_same(student, classifier):
    """`device_map="auto"` has chosen the device already: the same function works, and needs no change."""
    model, tokenizer = classifier
    placed = AutoModelForSequenceClassification.from_pretrained(CHECKPOINT, device_map="auto")
    assert list(student.predict_on(placed, tokenizer, TEXTS)) == list(student.predict_on(model, tokenizer, TEXTS))
