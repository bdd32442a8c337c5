"""A second reference: a copy of the model is asked, its output is read by position, and means are loops in float64.

The states and the attentions are the only tuples of a plain output; tensors of states have three sides, tensors of
attention four. The copy may change as it likes: the model that was handed over stays as it is.
"""

from __future__ import annotations

import copy
import dataclasses

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel


def tuple_of(model: PreTrainedModel, enc: BatchEncoding, sides: int, **asked: bool) -> list[np.ndarray]:
    """Return, as arrays, the tensors of the one tuple in the output whose tensors have so many sides."""
    output = model(**enc, **asked, return_dict=False)
    (found,) = [
        field
        for field in output
        if isinstance(field, tuple) and field and all(isinstance(one, Tensor) and one.ndim == sides for one in field)
    ]
    return [one.detach().numpy() for one in found]


def all_layers(model: PreTrainedModel, enc: BatchEncoding) -> Float[Tensor, "states batch seq hidden"]:
    """Return every hidden state of the model, stacked: the embeddings first, then one state per layer."""
    states = tuple_of(copy.deepcopy(model).eval(), enc, 3, output_hidden_states=True)
    return torch.from_numpy(np.stack(states))


def cls_of_layer(model: PreTrainedModel, enc: BatchEncoding, layer: int) -> Float[Tensor, "batch hidden"]:
    """Return the vector of the first token of each text as it leaves a layer."""
    states = list(all_layers(model, enc))
    return torch.stack([text[0] for text in states[layer]])


def mean_attention(model: PreTrainedModel, enc: BatchEncoding, layer: int) -> Float[Tensor, "batch query key"]:
    """Return the attention of one layer, averaged over its heads one head at a time."""
    eager = copy.deepcopy(model).eval()
    eager.set_attn_implementation("eager")
    heads = tuple_of(eager, enc, 4, output_attentions=True)[layer].astype(np.float64)
    total = np.zeros_like(heads[:, 0])
    for head in range(heads.shape[1]):
        total += heads[:, head]
    return torch.from_numpy(total / heads.shape[1]).float()


def describe_output(model: PreTrainedModel, enc: BatchEncoding) -> dict[str, tuple[int, ...] | list[tuple[int, ...]]]:
    """Return the shape of each field of the model's output, read from the fields of its dataclass."""
    output = copy.deepcopy(model).eval()(**enc, return_dict=True)
    shapes: dict[str, tuple[int, ...] | list[tuple[int, ...]]] = {}
    for field in dataclasses.fields(output):
        value = getattr(output, field.name)
        if isinstance(value, Tensor):
            shapes[field.name] = tuple(value.shape)
        elif isinstance(value, tuple):
            shapes[field.name] = [tuple(one.shape) for one in value]
    return shapes
