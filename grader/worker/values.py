"""Between the objects of student code and the plain values that cross the line (see `grader.wire`).

Here torch is known and the judge is not. Sizes are checked before anything is copied.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from transformers import BatchEncoding, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from grader import wire
from grader.worker.describe import describe_config, describe_model, describe_tokenizer


def to_plain(value: Any) -> Any:
    """Return `value` in the kinds that `wire.encode` knows; what has no plain form becomes `wire.Opaque`.

    Errors: `wire.TooLarge` if it breaks a bound (a cyclic structure breaks `depth`).
    """
    return _Plain().of(value, 0)


class _Plain:
    def __init__(self) -> None:
        self.nodes = 0

    def of(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > wire.MAX_NODES:
            raise wire.TooLarge("nodes", self.nodes, wire.MAX_NODES)
        if depth > wire.MAX_DEPTH:
            raise wire.TooLarge("depth", depth, wire.MAX_DEPTH)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return int.__index__(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, torch.Tensor):
            return _tensor(value)
        if isinstance(value, np.generic):
            return self.of(value.item(), depth)
        if isinstance(value, np.ndarray):
            _check_size(value.size * value.itemsize)
            return np.array(value, copy=True)
        if isinstance(value, type):
            return wire.Named(f"{value.__module__}.{value.__qualname__}")
        if isinstance(value, (torch.device, torch.dtype)):
            return str(value)
        if isinstance(value, PreTrainedModel):
            return self.of(describe_model(value), depth)
        if isinstance(value, PreTrainedTokenizerBase):
            return self.of(describe_tokenizer(value), depth)
        if isinstance(value, PreTrainedConfig):
            return self.of(describe_config(value), depth)
        if isinstance(value, BatchEncoding):
            return wire.Record("BatchEncoding", {str(key): self.of(value[key], depth + 1) for key in value})
        if isinstance(value, wire.Record):
            return wire.Record(value.name, {key: self.of(item, depth + 1) for key, item in value.fields.items()})
        if isinstance(value, Mapping):
            return {self.of(key, depth + 1): self.of(value[key], depth + 1) for key in value}
        fields = _field_names(value)
        if fields is not None:
            return wire.Record(
                type(value).__name__, {name: self.of(getattr(value, name), depth + 1) for name in fields}
            )
        if isinstance(value, (list, tuple, set, frozenset, range)):
            items = [self.of(item, depth + 1) for item in value]
            return (
                tuple(items)
                if isinstance(value, tuple)
                else set(items)
                if isinstance(value, set | frozenset)
                else items
            )
        return wire.Opaque(f"{type(value).__module__}.{type(value).__qualname__}")


def _field_names(value: Any) -> list[str] | None:
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    names = getattr(value, "_fields", None)
    return list(names) if isinstance(value, tuple) and isinstance(names, tuple) else None


def _tensor(value: torch.Tensor) -> wire.RawTensor | wire.Opaque:
    dtype = str(value.dtype).removeprefix("torch.")
    if value.layout is not torch.strided or value.device.type == "meta" or dtype not in wire.DTYPES:
        layout = "" if value.layout is torch.strided else f"{value.layout}, ".removeprefix("torch.")
        return wire.Opaque(f"Tensor {dtype} ({layout}device {value.device.type})")
    _check_size(math.prod(value.shape) * value.element_size())
    plain = value.detach().cpu().contiguous()
    if dtype == "bfloat16":
        plain = plain.view(torch.int16)
    return wire.RawTensor(dtype, tuple(value.shape), plain.numpy().tobytes())


def _check_size(size: int) -> None:
    if size > wire.MAX_BUFFERS:
        raise wire.TooLarge("bytes", size, wire.MAX_BUFFERS)


def to_objects(value: Any, make: Callable[[wire.Made], Any], device: str = "cpu") -> Any:
    """Return `value` with arrays as torch tensors on `device`, and each `wire.Made` as what `make` returns for it."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy()).to(device)
    if isinstance(value, wire.Made):
        return make(value)
    if isinstance(value, list):
        return [to_objects(item, make, device) for item in value]
    if isinstance(value, tuple):
        return tuple(to_objects(item, make, device) for item in value)
    if isinstance(value, dict):
        return {key: to_objects(item, make, device) for key, item in value.items()}
    return value
