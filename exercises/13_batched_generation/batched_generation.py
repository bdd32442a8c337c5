"""Generation for a batch: `generate` continues several prompts at once, each as if it were alone."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def continue_texts(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompts: list[str], max_new_tokens: int
) -> list[str]:
    """Return what the model continues each prompt with, always by the likeliest next token.

    The result for a prompt is what it is for that prompt alone, as it is written: its spaces are part of it. It has the
    new text only, as the tokenizer decodes the new tokens: not the prompt, no special tokens, no padding, and the space
    before the first new word where there is one. A text ends with its end token, and after `max_new_tokens` new tokens
    at the latest; the other texts go on. An end token is the tokenizer's `eos_token_id`, or another one of
    `model.generation_config.eos_token_id`, which can be a list. Inside a prompt it is a token like any other.

    The tokenizer comes as it was loaded: GPT-2's has no padding token and pads on the right. The lesson lets the end
    token pad. The model can arrive in training mode; generation uses no dropout and needs no gradients.

    Shapes:  one string for each prompt, in order.
    Errors:  none; each prompt has one token or more, and `max_new_tokens` is 1 or more.
    Effects: the tokenizer may be left with another padding token and side, the model in evaluation mode; the model's
             weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/llm_tutorial
    """
    # TODO 1: evaluation mode; a padding token (2 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: encode all prompts as one batch, padded on the side where nothing comes after (1 line).
    raise NotImplementedError("TODO 2")
    # TODO 3: generate from ids and mask; draw nothing, whatever the model's generation_config says (about 3 lines).
    raise NotImplementedError("TODO 3")
    # TODO 4: the new tokens of each row, without the prompt (1 line).
    raise NotImplementedError("TODO 4")
    # TODO 5: their text (1 line).
    raise NotImplementedError("TODO 5")
