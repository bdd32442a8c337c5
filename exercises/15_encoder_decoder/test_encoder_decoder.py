"""Public checks of 15_encoder_decoder: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

TEXTS = ["The film was long and the story was not", "La capital de España es Madrid", "Paris"]


@pytest.fixture
def model():
    return AutoModelForSeq2SeqLM.from_pretrained("google/mt5-small")


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained("google/mt5-small")


def test_each_text_has_a_probability_for_each_token(student, model, tokenizer):
    """One row for each text, one column for each token of the vocabulary; a row sums to 1."""
    for texts in (TEXTS, TEXTS[2:]):
        enc = tokenizer(texts, padding=True, return_tensors="pt")
        for written in ([0], [0, 17, 300]):
            result = torch.as_tensor(student.next_probabilities(model, enc, torch.tensor([written] * len(texts))))
            assert result.shape == (len(texts), model.config.vocab_size)
            assert result.sum(dim=-1).tolist() == pytest.approx([1] * len(texts), abs=1e-4)


def test_a_source_in_a_batch_is_read_as_it_is_alone(student, model, tokenizer):
    """The other texts and the padding change no probability."""
    enc = tokenizer(TEXTS, padding=True, return_tensors="pt")
    together = torch.as_tensor(student.next_probabilities(model, enc, torch.tensor([[0, 17]] * len(TEXTS))))
    for text, row in zip(TEXTS, together, strict=True):
        alone = student.next_probabilities(model, tokenizer([text], return_tensors="pt"), torch.tensor([[0, 17]]))
        assert row.tolist() == pytest.approx(torch.as_tensor(alone)[0].tolist(), abs=1e-4)


def test_each_new_token_is_the_likeliest_one(student, model, tokenizer):
    """The first new token follows the start token, which is not in the result; each later one follows those before."""
    for text in TEXTS:
        enc = tokenizer([text], return_tensors="pt")
        result = torch.as_tensor(student.greedy_seq2seq(model, enc, 5))
        start = torch.tensor([[model.config.decoder_start_token_id]])
        with torch.no_grad():
            logits = model.eval()(**enc, decoder_input_ids=torch.cat([start, result[:, :-1]], dim=1)).logits
        assert result.tolist() == logits.argmax(-1).tolist()


def test_each_text_ends_with_its_own_end_token(student, model, tokenizer):
    """Behind its end token a text has padding; the others are written on."""
    enc = tokenizer(TEXTS, padding=True, return_tensors="pt")
    free = torch.as_tensor(student.greedy_seq2seq(model, enc, 5)).tolist()
    model.config.eos_token_id = model.generation_config.eos_token_id = free[0][1]  # the second token of the first text
    ended = torch.as_tensor(student.greedy_seq2seq(model, enc, 5)).tolist()
    for row, whole in zip(ended, free, strict=True):
        end = whole.index(free[0][1]) + 1 if free[0][1] in whole else 5
        assert row == (whole[:end] + [model.config.pad_token_id] * 5)[: len(row)]
        assert len(row) >= end
