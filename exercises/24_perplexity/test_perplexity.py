"""Public checks of 24_perplexity: what a right answer does, on inputs that you can read."""

import math

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

SHORT, LONG = "The film was long", "The museum was founded in the capital and it was never closed again after that"


@pytest.fixture
def model():
    return AutoModelForCausalLM.from_pretrained("gpt2")


@pytest.fixture
def tokenizer():
    tokenizer = AutoTokenizer.from_pretrained("gpt2")
    tokenizer.pad_token = tokenizer.eos_token  # GPT-2 has none of its own
    return tokenizer


def test_a_blind_model_has_the_vocabulary_as_its_perplexity(student):
    """Where all logits are alike, each of 7 tokens has the probability 1/7, and the loss log 7."""
    losses = torch.as_tensor(student.token_losses(torch.zeros(2, 4, 7), torch.tensor([[1, 2, 3, 0], [6, 6, 5, 4]])))
    assert losses.shape == (2, 3)
    assert losses.flatten().tolist() == pytest.approx([math.log(7)] * 6, abs=1e-4)


def test_each_token_is_predicted_by_the_position_before_it(student):
    """Position 0 predicts token 2, position 1 predicts token 0; the last one predicts nothing of the text."""
    sure = torch.full((1, 3, 4), -100.0)
    sure[0, 0, 2] = sure[0, 1, 0] = sure[0, 2, 3] = 100.0
    right = student.token_losses(sure, torch.tensor([[1, 2, 0]]))
    assert torch.as_tensor(right).flatten().tolist() == pytest.approx([0, 0], abs=1e-4)
    wrong = student.token_losses(sure, torch.tensor([[2, 0, 3]]))
    assert torch.as_tensor(wrong).flatten().tolist() == pytest.approx([200, 200], abs=1e-2)


def test_the_perplexity_of_one_text_is_e_to_the_models_own_loss(student, model, tokenizer):
    """transformers computes the mean loss itself, where it is given labels."""
    for text in (SHORT, LONG):
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            loss = model.eval()(ids, labels=ids).loss.item()
        assert float(student.perplexity(model, tokenizer, [text])) == pytest.approx(math.exp(loss), rel=1e-4)


def test_two_texts_have_the_losses_of_both(student, model, tokenizer):
    """The order of the texts changes nothing, and each token weighs the same."""
    total, count = 0.0, 0
    for text in (SHORT, LONG):
        scored = len(tokenizer(text)["input_ids"]) - 1
        total += scored * math.log(float(student.perplexity(model, tokenizer, [text])))
        count += scored
    for texts in ([SHORT, LONG], [LONG, SHORT]):
        assert float(student.perplexity(model, tokenizer, texts)) == pytest.approx(math.exp(total / count), rel=1e-4)


def test_a_wide_window_changes_nothing_and_a_narrow_one_does(student, model, tokenizer):
    """A window that holds the whole text gives its perplexity; in a narrow one the model sees less."""
    ids = tokenizer(LONG, return_tensors="pt")["input_ids"]
    whole = float(student.perplexity(model, tokenizer, [LONG]))
    seq = ids.shape[1]
    for window in (seq, seq + 5):
        assert float(student.sliding_perplexity(model, ids, window, 3)) == pytest.approx(whole, rel=1e-4)
    assert float(student.sliding_perplexity(model, ids, 3, 2)) != pytest.approx(whole, rel=1e-3)
