"""Public checks of 11_next_token: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

TEXTS = ["Artificial intelligence is", "The", "The film was long and the story"]


@pytest.fixture
def model():
    return AutoModelForCausalLM.from_pretrained("gpt2")


@pytest.fixture
def tokenizer():
    tokenizer = AutoTokenizer.from_pretrained("gpt2")
    tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def test_the_logits_after_one_text(student, model, tokenizer):
    """A single text: the logits at its last token, one row of them."""
    for text in TEXTS:
        encoded = tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            expected = model(**encoded).logits[:, -1]
        torch.testing.assert_close(torch.as_tensor(student.next_logits(model, encoded)), expected, rtol=1e-4, atol=1e-4)


def test_a_batch_gives_what_each_text_gives_alone(student, model, tokenizer):
    """Padding changes nothing, on the right and on the left."""
    alone = [torch.as_tensor(student.next_logits(model, tokenizer(text, return_tensors="pt")))[0] for text in TEXTS]
    for side in ("right", "left"):
        batch = tokenizer(TEXTS, padding=True, padding_side=side, return_tensors="pt")
        together = torch.as_tensor(student.next_logits(model, batch))
        torch.testing.assert_close(together, torch.stack(alone), rtol=1e-4, atol=1e-4)


def test_the_likeliest_tokens_come_first(student, model, tokenizer):
    """k pairs of a token's text and its probability, from the likeliest down."""
    for text, k in zip(TEXTS, (1, 4, 8), strict=True):
        found = student.top_next(model, tokenizer, text, k)
        scores = [score for _, score in found]
        assert len(found) == k
        assert scores == sorted(scores, reverse=True)
        assert all(isinstance(token, str) for token, _ in found)


def test_all_probabilities_sum_to_1(student, model, tokenizer):
    """Over the whole vocabulary the probabilities sum to 1; over a few tokens they do not."""
    for text in TEXTS:
        every = student.top_next(model, tokenizer, text, len(tokenizer))
        assert sum(float(score) for _, score in every) == pytest.approx(1, abs=1e-4)
        few = student.top_next(model, tokenizer, text, 3)
        assert [float(s) for _, s in few] == pytest.approx([float(s) for _, s in every[:3]], abs=1e-4)
        assert sum(float(score) for _, score in few) < 0.9999
