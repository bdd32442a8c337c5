"""Public checks of 07_entity_spans: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

TEXTS = ["Steve Jobs founded Apple in California", "Telefónica, in  Málaga (Spain): C## and O'Higgins.", ""]


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained("dslim/bert-base-NER")


@pytest.fixture
def model():
    return AutoModelForTokenClassification.from_pretrained("dslim/bert-base-NER")


def test_labels_form_entities(student):
    """B- begins an entity; I- continues one of its own type that ends just before it, or begins one."""
    expected = {
        "O B-PER I-PER O B-LOC O": [("PER", 1, 3), ("LOC", 4, 5)],
        "B-PER B-PER O": [("PER", 0, 1), ("PER", 1, 2)],
        "B-LOC O I-LOC": [("LOC", 0, 1), ("LOC", 2, 3)],
        "B-PER I-LOC I-LOC": [("PER", 0, 1), ("LOC", 1, 3)],
        "O O": [],
    }
    for labels, found in expected.items():
        assert [tuple(entity) for entity in student.group(labels.split())] == found, labels


def test_pieces_form_words(student):
    """Four pieces in two words, and a special token at each end."""
    probs = torch.tensor([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3], [0.5, 0.5]])
    expected = {"first": [0.6, 0.7], "average": [0.4, 0.7], "max": [0.2, 0.7]}
    for how, left in expected.items():
        words, rows = student.word_scores(probs, [None, 0, 0, 0, 1, None], how)
        assert list(words) == [0, 1]
        assert torch.as_tensor(rows)[:, 0].tolist() == pytest.approx(left), how


def test_an_entity_is_a_part_of_the_text(student, model, tokenizer):
    """The text of an entity is text[start:end], and it does not cut words."""
    for text in TEXTS:
        encoded = tokenizer(text)
        words = [encoded.word_to_chars(word) for word in sorted({word for word in encoded.word_ids() if word is not None})]
        for entity in student.entities(model, tokenizer, text):
            assert entity["text"] == text[entity["start"] : entity["end"]]
            assert entity["start"] in {word.start for word in words}
            assert entity["end"] in {word.end for word in words}
            assert 0 < entity["score"] <= 1
    found = [(entity["type"], entity["text"]) for entity in student.entities(model, tokenizer, TEXTS[0])]
    assert found == [("PER", "Steve Jobs"), ("ORG", "Apple"), ("LOC", "California")]


def test_a_model_that_is_sure_of_one_label_finds_one_entity(student, model, tokenizer):
    """If every word is I-LOC, the whole text is one place; if every word is O, there is none."""
    for label, found in (("I-LOC", [("LOC", 0, 38, TEXTS[0])]), ("O", [])):
        model.classifier.bias.data = 100.0 * (torch.arange(9) == model.config.label2id[label])
        for how in ("first", "average", "max"):
            result = student.entities(model, tokenizer, TEXTS[0], how)
            assert [(one["type"], one["start"], one["end"], one["text"]) for one in result] == found
