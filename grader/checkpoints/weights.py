"""Weights drawn from names: the same bits on every machine, and wide enough that a mistake shows.

Each tensor has its own stream, seeded by sha256(seed, name, tensor name). Only the raw integers of numpy's PCG64 are
used, which numpy promises never to change (NEP 19), and values are rounded to three decimals. How a drawn model
becomes decisive is in `calibration`; which models are drawn is in `variants` and `build`.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import PreTrainedModel

Array = NDArray[np.float64]
DECIMALS = 3
UNIFORMS = 4
QUERIES_AND_KEYS = (".query", ".key", ".q_lin", ".k_lin", ".q", ".k")
VALUES = (".value", ".v_lin", ".out_lin", ".v", ".o", ".attention.output.dense", ".attn.c_proj")
CROSSING = ".EncDecAttention.o"


def normal(seed: int, name: str, tensor: str, shape: tuple[int, ...]) -> Array:
    """Return an array of mean 0 and standard deviation 1, none of it beyond 3.5: sums of four 16-bit uniforms."""
    digest = hashlib.sha256(f"{seed}\0{name}\0{tensor}".encode()).digest()
    raw = np.random.PCG64(int.from_bytes(digest, "little")).random_raw(math.prod(shape))
    sums = raw.astype("<u8", copy=False).view("<u2").reshape(-1, UNIFORMS).sum(axis=1, dtype=np.int64)
    steps = 2**16
    deviation = math.sqrt(UNIFORMS * (steps**2 - 1) / 12)
    return np.asarray((sums - UNIFORMS * (steps - 1) / 2) / deviation).reshape(shape)


def draw(model: PreTrainedModel, seed: int, name: str, gains: Mapping[str, float]) -> None:
    """Fill every parameter of the model in place, in float64.

    A body has the same weights under every head: the prefix of the base model is no part of a tensor's name.
    """
    model.double()
    prefix = model.base_model_prefix + "."
    for path, parameter in untied(model).items():
        module, tensor = model.get_submodule(path.rpartition(".")[0]), path.removeprefix(prefix)
        shape = tuple(parameter.shape)
        if tensor.endswith(".weight") and len(shape) == 1:
            value = np.ones(shape)
        else:
            value = normal(seed, name, tensor, shape) * _spread(module, tensor, shape, model.config, gains)
        parameter.data = as_tensor(value)
    if gains["aversion"]:
        _avert(model, gains["aversion"] / gains["value"] ** 2)


def as_tensor(value: Array) -> torch.Tensor:
    """Return a float64 tensor of the values, rounded as all weights are."""
    # Adding zero turns -0.0 into 0.0: which of the two rounding gives is not worth a difference in bytes.
    return torch.from_numpy(np.round(value, DECIMALS) + 0.0)


def untied(model: PreTrainedModel) -> dict[str, nn.Parameter]:
    """Return each parameter once; tied weights under the name they have in the body, which every version can load."""
    copies = model.all_tied_weights_keys
    return {path: value for path, value in model.named_parameters(remove_duplicate=False) if path not in copies}


def _avert(model: PreTrainedModel, strength: float) -> None:
    """Make the first block of the decoder steer away from the tokens that it attends to.

    With tied embeddings a drawn model otherwise likes best the token it has just read, and greedy decoding says one
    token again and again. The output matrix of the attention is the drawn one minus a multiple of its value matrix
    transposed, which takes back about `strength` times what was read.
    """
    modules = dict(model.base_model.named_modules())
    if "decoder.block.0.layer.0.SelfAttention" in modules:
        attention = modules["decoder.block.0.layer.0.SelfAttention"]
        output, value = attention.get_parameter("o.weight"), attention.get_parameter("v.weight")
    elif "h.0.attn" in modules:
        attention = modules["h.0.attn"]
        output, value = attention.get_parameter("c_proj.weight"), attention.get_parameter("c_attn.weight")
        value = value[:, -output.shape[0] :]
    else:
        return
    output.data = as_tensor((output - strength * value.T).detach().numpy())


def _spread(module: nn.Module, tensor: str, shape: tuple[int, ...], config: Any, gains: Mapping[str, float]) -> Any:
    """Return the standard deviation of a tensor, or an array of them that broadcasts against it."""
    if tensor.endswith("bias") and len(shape) == 1:
        return gains["bias"]
    if isinstance(module, nn.Embedding):
        return gains["embedding"]
    path = tensor.removesuffix(".weight")
    gain = np.full(1, gains["other"])
    if path.endswith(QUERIES_AND_KEYS):
        gain = np.full(1, gains["query_key"])
        if path.endswith(".q"):
            # T5 does not divide attention scores by the root of the head size, so its queries are drawn smaller.
            gain = gain / math.sqrt(config.d_kv)
    elif path.endswith(VALUES):
        gain = np.full(1, gains["cross" if path.endswith(CROSSING) else "value"])
    elif path.endswith(".c_attn"):
        # GPT-2 keeps query, key and value side by side.
        gain = np.repeat([gains["query_key"], gains["query_key"], gains["value"]], shape[1] // 3)
    # GPT-2 keeps its matrices transposed.
    fan_in = shape[1] if isinstance(module, nn.Linear) else shape[0]
    return gain / math.sqrt(fan_in)
