"""The first 0 behind the text by argmin, positions of padding set to 1, numpy behind the model, dataclasses."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Next:
    token: str
    probability: float


def next_logits(model, encoded):
    model.eval().requires_grad_(False)
    mask = encoded["attention_mask"]
    positions = mask.long().cumsum(-1) - 1
    positions.masked_fill_(mask == 0, 1)
    out = model(encoded["input_ids"], attention_mask=mask, position_ids=positions, use_cache=False)
    end = mask.argmin(-1).numpy() - 1  # -1, the last one, where no 0 stands behind the text
    return out.logits.numpy()[np.arange(len(end)), end]


def top_next(model, tokenizer, text, k=5):
    x = next_logits(model, tokenizer(text, return_tensors="pt"))[0].astype(np.float64)
    p = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
    return tuple(Next(tokenizer.decode([i]), float(p[i])) for i in (-p).argsort()[:k].tolist())
