"""A second way to 17: the largest id of the vocabulary, the config file as plain JSON, and weights as float64 arrays.

Differs from the steps: the model grows for the largest id that the tokenizer can give, not for `len(tokenizer)`; the
class name is read from the file itself; parameters are compared by numpy, each under every name that it has, not as
state dicts. Right because an id needs a row in the embeddings, and float64 holds every smaller number exactly.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import transformers
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase


def save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: str) -> list[str]:
    """Save both in `folder`, the model with a row for the largest id, and return the names of the files there."""
    needed = 1 + max(tokenizer.get_vocab().values())
    if needed > len(model.get_input_embeddings().weight):
        model.resize_token_embeddings(needed)
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    return sorted(path.name for path in Path(folder).iterdir() if path.is_file())


def load(folder: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Return the model of the class that config.json names, and the tokenizer."""
    (name,) = json.loads(Path(folder, "config.json").read_text(encoding="utf-8"))["architectures"]
    model = getattr(transformers, name).from_pretrained(folder)
    return model.eval(), AutoTokenizer.from_pretrained(folder)


def same_weights(a: PreTrainedModel, b: PreTrainedModel) -> bool:
    """Return whether both have parameters of the same names, and under each name the same numbers."""
    left, right = (
        {name: weight.detach().double().numpy() for name, weight in model.named_parameters(remove_duplicate=False)}
        for model in (a, b)
    )
    return sorted(left) == sorted(right) and all(np.array_equal(left[name], right[name]) for name in left)
