"""Public checks of 17_save_and_load: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer

SENTIMENT = "distilbert-base-uncased-finetuned-sst-2-english"


@pytest.fixture
def model():
    return AutoModelForSequenceClassification.from_pretrained(SENTIMENT)


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained(SENTIMENT)


def test_what_is_saved_loads_as_in_the_lesson(student, model, tokenizer, tmp_path):
    """The folder gives back model and tokenizer."""
    folder = str(tmp_path / "my_model")
    files = student.save(model, tokenizer, folder)
    assert {"config.json", "model.safetensors", "tokenizer_config.json"} <= set(files)
    loaded = AutoModelForSequenceClassification.from_pretrained(folder)
    encoded = AutoTokenizer.from_pretrained(folder)("I love this movie!", return_tensors="pt")
    assert encoded["input_ids"].tolist() == tokenizer("I love this movie!", return_tensors="pt")["input_ids"].tolist()
    with torch.no_grad():
        assert torch.allclose(loaded(**encoded).logits, model(**encoded).logits, atol=1e-5)


def test_a_new_token_has_an_embedding(student, model, tokenizer, tmp_path):
    """The model grows with the tokenizer before it is saved."""
    tokenizer.add_tokens(["Peñíscola"])
    folder = str(tmp_path / "my_model")
    student.save(model, tokenizer, folder)
    loaded = AutoModelForSequenceClassification.from_pretrained(folder)
    assert loaded.get_input_embeddings().num_embeddings == len(AutoTokenizer.from_pretrained(folder)) == len(tokenizer)


def test_the_head_is_the_one_that_was_saved(student, tmp_path):
    """What was saved as a tagger loads as a tagger, with its labels."""
    tagger = AutoModelForTokenClassification.from_pretrained("dslim/bert-base-NER")
    tagger.save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained("dslim/bert-base-NER").save_pretrained(tmp_path)
    model, tokenizer = student.load(str(tmp_path))
    assert type(model) is type(tagger)
    assert model.config.id2label == tagger.config.id2label
    assert not model.training
    assert tokenizer.tokenize("Marie lives in Málaga")


def test_one_number_makes_a_difference(student, model):
    """Equal weights are the same; a single number that is off by 0.002 is a difference."""
    other = AutoModelForSequenceClassification.from_pretrained(SENTIMENT)
    assert student.same_weights(model, other)
    other.classifier.bias.data[1] += 0.002
    assert not student.same_weights(model, other)
    assert not student.same_weights(model, model.base_model)
