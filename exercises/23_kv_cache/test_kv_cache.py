"""Public checks of 23_kv_cache: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = ["Artificial intelligence is", "The film was long and the story", "Paris"]


@pytest.fixture
def model():
    return AutoModelForCausalLM.from_pretrained("gpt2")


@pytest.fixture
def tokenizer():
    tokenizer = AutoTokenizer.from_pretrained("gpt2", padding_side="left")
    tokenizer.pad_token = tokenizer.eos_token  # GPT-2 has none of its own
    return tokenizer


def test_a_position_counts_the_tokens_before_it(student):
    """The first real token has position 0; padding has position 0 and moves none."""
    mask = torch.tensor([[0, 0, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]])
    wanted = [[0, 0, 0, 1, 2], [0, 1, 2, 3, 4], [0, 1, 0, 0, 0]]
    assert torch.as_tensor(student.positions(mask)).tolist() == wanted


def test_the_result_is_that_of_reading_everything_again(student, model, tokenizer):
    """Each new token of one prompt has the largest logit after all tokens before it."""
    for prompt in PROMPTS:
        enc = tokenizer([prompt], return_tensors="pt")
        tokens, read = student.greedy_cached(model, enc["input_ids"], enc["attention_mask"], 6)
        seq = enc["input_ids"].shape[1]
        with torch.no_grad():
            logits = model.eval()(torch.cat([enc["input_ids"], torch.as_tensor(tokens)], dim=1)).logits
        assert torch.as_tensor(tokens).tolist() == logits[:, seq - 1 : -1].argmax(-1).tolist()


def test_no_token_is_read_twice(student, model, tokenizer):
    """The model reads the prompts at the first step, and one token of each at every later one."""
    for prompts in (PROMPTS, PROMPTS[:1]):
        enc = tokenizer(prompts, padding=True, return_tensors="pt")
        tokens, read = student.greedy_cached(model, enc["input_ids"], enc["attention_mask"], 5)
        assert list(read) == [enc["input_ids"].shape[1], 1, 1, 1, 1]


def test_a_prompt_in_a_batch_is_continued_as_it_is_alone(student, model, tokenizer):
    """The other prompts and the padding change no token."""
    enc = tokenizer(PROMPTS, padding=True, return_tensors="pt")
    together, read = student.greedy_cached(model, enc["input_ids"], enc["attention_mask"], 6)
    for prompt, row in zip(PROMPTS, together, strict=True):
        enc = tokenizer([prompt], return_tensors="pt")
        alone, read = student.greedy_cached(model, enc["input_ids"], enc["attention_mask"], 6)
        assert torch.as_tensor(row).tolist() == torch.as_tensor(alone)[0].tolist()
