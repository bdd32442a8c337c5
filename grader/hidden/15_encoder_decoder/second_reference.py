"""A second way to 15: one source at a time, without its padding, and the whole model again at every step.

Differs from the steps: no batch, no mask that matters, no `encoder_outputs`, and the output by its place in a tuple.
Right because a source means the same alone as in a batch, and because reading everything again is what the loop with
kept encoder states must reproduce.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel


def _sources(enc: BatchEncoding) -> list[list[int]]:
    """Return the real tokens of each source text."""
    pairs = zip(enc["input_ids"].tolist(), enc["attention_mask"].tolist(), strict=True)
    return [[token for token, real in zip(ids, mask, strict=True) if real] for ids, mask in pairs]


def _last_logits(model: PreTrainedModel, source: list[int], written: list[int]) -> Float[Tensor, " vocab"]:
    """Return the logits of what follows `written`, where the encoder reads `source`."""
    model.eval()
    with torch.inference_mode():
        output = model(
            input_ids=torch.tensor([source]),
            decoder_input_ids=torch.tensor([written]),
            use_cache=False,
            return_dict=False,
        )
    return output[0][0, len(written) - 1].clone()


def next_probabilities(
    model: PreTrainedModel, enc: BatchEncoding, decoder_ids: Int[Tensor, "batch written"]
) -> Float[Tensor, "batch vocab"]:
    """Return the probability of each token to follow the `decoder_ids` of each text, one text at a time."""
    rows = []
    for source, written in zip(_sources(enc), decoder_ids.tolist(), strict=True):
        logits = _last_logits(model, source, written).double()
        weights = torch.exp(logits - logits.max())
        rows.append((weights / weights.sum()).float())
    return torch.stack(rows)


def greedy_seq2seq(model: PreTrainedModel, enc: BatchEncoding, max_new_tokens: int) -> Int[Tensor, "batch new"]:
    """Return what the decoder writes for each source: each is written to its own end, then all are padded alike."""
    texts = []
    for source in _sources(enc):
        written = [model.config.decoder_start_token_id]
        while len(written) <= max_new_tokens and (len(written) == 1 or written[-1] != model.config.eos_token_id):
            written.append(int(_last_logits(model, source, written).argmax()))
        texts.append(written[1:])
    longest = max(len(text) for text in texts)
    return torch.tensor([text + [model.config.pad_token_id] * (longest - len(text)) for text in texts])
