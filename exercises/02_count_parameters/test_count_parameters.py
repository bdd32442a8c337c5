"""Public checks of 02_count_parameters: what a right answer does, on inputs that you can read."""

import pytest
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForSequenceClassification


@pytest.fixture
def model():
    return AutoModel.from_pretrained("bert-base-uncased")


def test_count_agrees_with_the_model(student, model):
    """The lesson's own line, model.num_parameters(), gives the same number."""
    assert student.count(model) == model.num_parameters()


def test_a_shared_weight_counts_once(student):
    """The output layer of GPT-2 is its embeddings: a part of both modules, and one weight of the model."""
    model = AutoModelForCausalLM.from_pretrained("gpt2")
    assert student.count(model) == student.count(model.transformer)
    assert student.by_module(model)["lm_head"] == model.lm_head.weight.numel()


def test_frozen_weights_are_not_trainable(student, model):
    """With frozen embeddings, the trainable parameters are all the others."""
    assert student.count_trainable(model) == student.count(model)
    model.embeddings.requires_grad_(False)
    assert student.count_trainable(model) == student.count(model) - student.count(model.embeddings)


def test_half_precision_takes_half_the_memory(student, model):
    """A float32 weight takes 4 bytes per parameter, a float16 weight 2."""
    assert student.size_in_mib(model) == pytest.approx(4 * student.count(model) / 1024 / 1024)
    assert student.size_in_mib(model.half()) == pytest.approx(2 * student.count(model) / 1024 / 1024)


def test_each_top_level_module_is_listed(student):
    """A classifier has a body, a dropout without weights, and a head."""
    model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=3)
    modules = student.by_module(model)
    assert list(modules) == ["bert", "dropout", "classifier"]
    assert modules["dropout"] == 0
    assert modules["classifier"] == 3 * model.config.hidden_size + 3
