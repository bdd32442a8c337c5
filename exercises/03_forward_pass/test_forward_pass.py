"""Public checks of 03_forward_pass: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

NAME = "distilbert-base-uncased-finetuned-sst-2-english"
TEXTS = ["I love this movie!", "The music in that film made me cry.", "", "What a wonderful day!"]


@pytest.fixture
def model():
    return AutoModelForSequenceClassification.from_pretrained(NAME)


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained(NAME)


def test_texts_are_padded_to_the_longest_and_masked(student, tokenizer):
    """One row per text, as long as the longest; the mask is 1 on the text's own tokens and 0 on padding."""
    encoded = student.prepare(tokenizer, TEXTS)
    own = [tokenizer(text)["input_ids"] for text in TEXTS]
    assert encoded["input_ids"].shape == (4, max(map(len, own)))
    for ids, mask, expected in zip(encoded["input_ids"], encoded["attention_mask"], own, strict=True):
        assert ids[mask.bool()].tolist() == expected


def test_a_pair_is_encoded_together(student):
    """[CLS] text [SEP] pair [SEP], with token type 0 up to the first [SEP] and 1 behind it."""
    tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")
    encoded = student.prepare(tokenizer, ["I love this movie!"], ["What a wonderful day!"])
    first, second = tokenizer.tokenize("I love this movie!"), tokenizer.tokenize("What a wonderful day!")
    assert tokenizer.convert_ids_to_tokens(encoded["input_ids"][0]) == ["[CLS]", *first, "[SEP]", *second, "[SEP]"]
    assert encoded["token_type_ids"].tolist() == [[0] * (len(first) + 2) + [1] * (len(second) + 1)]


def test_a_text_has_the_same_logits_in_any_batch(student, model, tokenizer):
    """One row per text and one column per label; a row is what the text gets alone."""
    together = torch.as_tensor(student.logits(model, tokenizer, TEXTS))
    assert together.shape == (4, 2)
    for row, text in zip(together, TEXTS, strict=True):
        alone = torch.as_tensor(student.logits(model, tokenizer, [text]))
        assert torch.allclose(row, alone[0], rtol=1e-4, atol=1e-5)


def test_there_is_no_dropout_and_there_are_no_gradients(student, model, tokenizer):
    """A model in training mode gives the same logits twice, and they carry no gradients."""
    first = torch.as_tensor(student.logits(model.train(), tokenizer, TEXTS))
    second = torch.as_tensor(student.logits(model.train(), tokenizer, TEXTS))
    assert torch.equal(first, second)
    assert not first.requires_grad
