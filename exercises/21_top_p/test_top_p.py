"""Public checks of 21_top_p: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

# Two rows of probabilities, as logits: the same three, in another order, and a row with one likely token.
LOGITS = torch.tensor([[0.50, 0.41, 0.09], [0.09, 0.50, 0.41], [0.02, 0.01, 0.97]]).log()


def test_the_token_that_crosses_p_is_kept(student):
    """0.50 is below 0.9, 0.50 + 0.41 is above: both are kept. In the last row 0.97 is enough."""
    kept = torch.as_tensor(student.kept_tokens(LOGITS, 0.9))
    assert kept.tolist() == [[True, True, False], [False, True, True], [False, False, True]]


def test_p_1_keeps_every_token_and_a_small_p_one(student):
    """With p = 1 nothing is ruled out; the likeliest token is always kept."""
    assert torch.as_tensor(student.kept_tokens(LOGITS, 1.0)).all()
    kept = torch.as_tensor(student.kept_tokens(LOGITS, 0.01))
    assert kept.tolist() == [[True, False, False], [False, True, False], [False, False, True]]


def test_a_p_that_is_no_probability_is_an_error(student):
    """p is above 0 and at most 1."""
    for p in (0.0, -0.5, 1.5):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is yours
            student.kept_tokens(LOGITS, p)


def test_what_is_kept_sums_to_1(student):
    """The probability that was ruled out is shared by the tokens that are left."""
    result = torch.as_tensor(student.distribution(LOGITS, 0.9))
    assert result.tolist() == [
        pytest.approx([0.5495, 0.4505, 0.0], abs=1e-3),
        pytest.approx([0.0, 0.5495, 0.4505], abs=1e-3),
        pytest.approx([0.0, 0.0, 1.0], abs=1e-3),
    ]


def test_the_settings_of_the_lesson(student):
    """temperature 0.7 and top_p 0.9 give a row that sums to 1, over the likeliest tokens."""
    model, tokenizer = AutoModelForCausalLM.from_pretrained("gpt2"), AutoTokenizer.from_pretrained("gpt2")
    inputs = tokenizer("Artificial intelligence is", return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits[:, -1]
    result = torch.as_tensor(student.distribution(logits, 0.9, 0.7))
    before = (logits / 0.7).softmax(-1)
    assert result.sum().item() == pytest.approx(1, abs=1e-4)
    assert 0.9 <= before[result > 0].sum().item() < 1
    assert before[result > 0].min() >= before[result == 0].max()
