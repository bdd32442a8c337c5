"""Public checks of 13_batched_generation: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = ["Artificial intelligence is", "The", "The film was long and the story"]


@pytest.fixture
def model():
    return AutoModelForCausalLM.from_pretrained("gpt2")


@pytest.fixture
def tokenizer():
    return AutoTokenizer.from_pretrained("gpt2")


def test_a_prompt_is_continued_with_new_text_only(student, model, tokenizer):
    """One prompt: the text of the tokens behind it, as `generate` chooses them without drawing."""
    for prompt in PROMPTS:
        encoded = tokenizer(prompt, return_tensors="pt")
        with torch.no_grad():
            ids = model.generate(**encoded, max_new_tokens=6, do_sample=False, pad_token_id=tokenizer.eos_token_id)
        expected = tokenizer.decode(ids[0, encoded["input_ids"].shape[1] :], skip_special_tokens=True)
        assert list(student.continue_texts(model, tokenizer, [prompt], 6)) == [expected]


def test_a_batch_gives_what_each_prompt_gives_alone(student, model, tokenizer):
    """Together or alone, a prompt is continued with the same text."""
    together = student.continue_texts(model, tokenizer, PROMPTS, 6)
    assert list(together) == [student.continue_texts(model, tokenizer, [prompt], 6)[0] for prompt in PROMPTS]


def test_a_text_that_ends_early_ends_alone(student, model, tokenizer):
    """The end token ends its own text; the others go on, and nothing of the end token is left."""
    free = student.continue_texts(model, tokenizer, PROMPTS, 6)
    first = tokenizer(free[0])["input_ids"][0]  # let the first new token of the first text be an end token too
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, first]
    alone = [student.continue_texts(model, tokenizer, [prompt], 6)[0] for prompt in PROMPTS]
    assert list(student.continue_texts(model, tokenizer, PROMPTS, 6)) == alone
    assert alone[0] != free[0]
    assert all("<|endoftext|>" not in text for text in alone)
