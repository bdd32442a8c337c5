"""A second reference: one prompt at a time, token by token, without `generate`.

A prompt that is alone has no padding, so neither its side nor a mask can matter; what is decoded are the new tokens.
"""

from __future__ import annotations

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def end_tokens(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """Return the ids that end a text: the tokenizer's and the model's, which can be one or a list."""
    ends = {tokenizer.eos_token_id}
    named = model.generation_config.eos_token_id
    ends.update(named if isinstance(named, (list, tuple)) else [named])
    return {end for end in ends if end is not None}


def continue_texts(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompts: list[str], max_new_tokens: int
) -> list[str]:
    """Return what the model continues each prompt with, always by the likeliest next token."""
    model.eval()
    ends = end_tokens(model, tokenizer)
    texts = []
    for prompt in prompts:
        ids = tokenizer(prompt)["input_ids"]
        new: list[int] = []
        while len(new) < max_new_tokens and not (new and new[-1] in ends):
            row = model(torch.tensor([ids + new]), use_cache=False, return_dict=False)[0][0, -1].tolist()
            new.append(row.index(max(row)))
        texts.append(tokenizer.decode(new, skip_special_tokens=True))
    return texts
