"""Public checks of 16_config_and_head: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

SENTIMENT = "distilbert-base-uncased-finetuned-sst-2-english"
FIVE = ["sad", "angry", "happy", "afraid", "calm"]


@pytest.fixture
def encoded():
    return AutoTokenizer.from_pretrained(SENTIMENT)(["I love this movie!", "It was long."], return_tensors="pt", padding=True)


def test_the_config_names_the_labels(student):
    """Five labels for BERT, whose body stays as it is."""
    config = student.config_with_labels("bert-base-uncased", FIVE)
    assert config.num_labels == 5
    assert [config.id2label[i] for i in range(5)] == FIVE
    assert [config.label2id[label] for label in FIVE] == [0, 1, 2, 3, 4]
    assert config.hidden_size == AutoConfig.from_pretrained("bert-base-uncased").hidden_size


def test_other_names_change_no_logit(student, encoded):
    """As many labels as before: the trained head stays, only its labels have other names."""
    trained = AutoModelForSequenceClassification.from_pretrained(SENTIMENT)
    renamed = student.model_with_labels(SENTIMENT, ["bad", "good"])
    assert renamed.config.id2label == {0: "bad", 1: "good"}
    with torch.no_grad():
        assert torch.allclose(renamed(**encoded).logits, trained(**encoded).logits, atol=1e-5)


def test_more_labels_get_a_larger_head_on_the_same_body(student, encoded):
    """Five labels for a model that had two: five logits, the body as it was."""
    trained = AutoModelForSequenceClassification.from_pretrained(SENTIMENT)
    model = student.model_with_labels(SENTIMENT, FIVE)
    with torch.no_grad():
        assert model(**encoded).logits.shape == (2, 5)
        body, trained_body = model.base_model(**encoded)[0], trained.base_model(**encoded)[0]
    assert torch.allclose(body, trained_body, atol=1e-5)


def test_a_model_from_scratch_takes_the_form_and_not_the_weights(student, encoded):
    """Same architecture, same sizes, other weights; the config that was handed in stays as it was."""
    config = AutoConfig.from_pretrained(SENTIMENT)
    model = student.from_scratch(config, FIVE)
    trained = AutoModelForSequenceClassification.from_pretrained(SENTIMENT)
    assert type(model) is type(trained)
    assert model.config.id2label == dict(enumerate(FIVE))
    assert not model.training
    assert config.id2label == {0: "NEGATIVE", 1: "POSITIVE"}
    with torch.no_grad():
        assert not torch.allclose(model.base_model(**encoded)[0], trained.base_model(**encoded)[0], atol=1e-2)
