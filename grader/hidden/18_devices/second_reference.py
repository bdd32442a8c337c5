"""A second oracle: a list of candidate devices, a new encoding built from the old one, and one text at a time.

Nothing is moved in place and nothing is padded: each text is its own batch, so padding cannot reach a logit, and the
largest of the numbers is sought in plain Python, which has no device.
"""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def pick_device(prefer: str | None = None) -> torch.device:
    """Return the first of the preference, "cuda" and "cpu" that this machine can fulfil."""
    candidates = [name for name in (prefer, "cuda", "cpu") if name is not None]
    if not torch.cuda.is_available():
        candidates = [name for name in candidates if name.partition(":")[0] != "cuda"]
    return torch.device(candidates[0])


def move(enc: BatchEncoding, model: PreTrainedModel) -> BatchEncoding:
    """Return a new encoding with copies of the tensors beside the model's first weight, and the same tokens."""
    beside = next(model.parameters())
    entries = {}
    for name, entry in enc.items():
        entries[name] = entry.to(beside.device) if isinstance(entry, Tensor) else entry
    return BatchEncoding(entries, encoding=enc.encodings)


def predict_on(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> list[int]:
    """Return the position of the largest logit of each text, computed alone where the model is."""
    model.eval()
    likeliest = []
    for text in texts:
        with torch.inference_mode():
            logits = model(**move(tokenizer([text], truncation=True, return_tensors="pt"), model)).logits
        (scores,) = logits.tolist()
        likeliest.append(scores.index(max(scores)))
    return likeliest
