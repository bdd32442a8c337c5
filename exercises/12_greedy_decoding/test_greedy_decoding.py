"""Public checks of 12_greedy_decoding: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = ["Artificial intelligence is", "The film was long and the story"]


@pytest.fixture
def model():
    return AutoModelForCausalLM.from_pretrained("gpt2")


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained("gpt2")


def test_each_new_token_is_the_likeliest_one(student, model, tokenizer):
    """The prompt comes first; each token behind it has the largest logit after all tokens before it."""
    for prompt in PROMPTS:
        ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
        result = torch.as_tensor(student.greedy(model, ids, 6))
        assert result.shape == (1, ids.shape[1] + 6)
        assert result[:, : ids.shape[1]].tolist() == ids.tolist()
        with torch.no_grad():
            logits = model.eval()(result).logits
        assert result[0, ids.shape[1] :].tolist() == logits[0, ids.shape[1] - 1 : -1].argmax(-1).tolist()


def test_no_new_tokens_give_the_prompt(student, model, tokenizer):
    """With max_new_tokens 0 the result is the prompt."""
    ids = tokenizer(PROMPTS[0], return_tensors="pt")["input_ids"]
    assert torch.as_tensor(student.greedy(model, ids, 0)).tolist() == ids.tolist()


def test_the_end_token_is_the_last_one(student, model, tokenizer):
    """Generation ends behind the first new token that is the end token, and keeps it."""
    ids = tokenizer(PROMPTS[1], return_tensors="pt")["input_ids"]
    free = torch.as_tensor(student.greedy(model, ids, 6))[0].tolist()
    eos = free[ids.shape[1] + 2]  # let the third new token be the end token
    ended = torch.as_tensor(student.greedy(model, ids, 6, eos))[0].tolist()
    end = free.index(eos, ids.shape[1])
    assert ended == free[: end + 1]
