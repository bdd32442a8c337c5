"""Public checks of 05_hidden_states: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

TEXTS = ["I love this movie!", "The film was long and the story made no sense."]


@pytest.fixture
def model():
    return AutoModel.from_pretrained("bert-base-uncased")


@pytest.fixture
def enc():
    return AutoTokenizer.from_pretrained("bert-base-uncased")(TEXTS, padding=True, return_tensors="pt")


def test_there_is_one_state_more_than_layers(student, model, enc):
    """The states are those of the embeddings and of each layer; the last one is the model's last_hidden_state."""
    states = student.all_layers(model, enc)
    assert len(states) == model.config.num_hidden_layers + 1
    assert states[0].shape == (2, enc["input_ids"].shape[1], model.config.hidden_size)
    with torch.no_grad():
        torch.testing.assert_close(torch.as_tensor(states[-1]), model(**enc).last_hidden_state)


def test_the_embeddings_of_the_first_token_know_nothing_of_the_text(student, model, enc):
    """[CLS] enters the first layer with the same vector in both texts, and leaves it with two."""
    before = torch.as_tensor(student.cls_of_layer(model, enc, 0))
    after = torch.as_tensor(student.cls_of_layer(model, enc, 1))
    assert before.shape == after.shape == (2, model.config.hidden_size)
    torch.testing.assert_close(before[0], before[1])
    assert (after[0] - after[1]).abs().max() > 1e-3


def test_attention_is_spread_over_the_real_tokens(student, model, enc):
    """What each token gives away sums to 1, and padding gets nothing."""
    attention = torch.as_tensor(student.mean_attention(model, enc, 0))
    batch, seq = enc["input_ids"].shape
    assert attention.shape == (batch, seq, seq)
    torch.testing.assert_close(attention.sum(dim=2), torch.ones(batch, seq))
    length = int(enc["attention_mask"][0].sum())
    assert attention[0, :, length:].abs().max() < 1e-6


def test_the_output_is_described_by_name(student, model, enc):
    """A base model gives states and a pooled vector, a classifier gives logits."""
    seq = enc["input_ids"].shape[1]
    hidden = model.config.hidden_size
    shapes = student.describe_output(model, enc)
    assert {name: tuple(shape) for name, shape in shapes.items()} == {
        "last_hidden_state": (2, seq, hidden),
        "pooler_output": (2, hidden),
    }
    classifier = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=3)
    assert list(student.describe_output(classifier, enc)) == ["logits"]
