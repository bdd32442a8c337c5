"""What a call left changed: its arguments, its models, the process-wide settings. And what it asked of the models.

All of it is a claim of the process that ran student code: good for feedback and for honest mistakes, never a proof.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

MAX_FORWARDS = 1000
THREADS = 1


@dataclass
class Effects:
    """`changed`: argument names (`ids`), parts of models (`model.weights`, `.config`, `.training`), settings,
    and `generator.state` where a generator moved on.

    `forwards`: one record for each forward pass of a model that was handed in, in order.
    """

    changed: list[str] = field(default_factory=list)
    forwards: list[dict[str, Any]] = field(default_factory=list)


def reset(seed: int) -> None:
    """Put the process-wide settings back to their defaults and seed every generator."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_grad_enabled(True)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(False)
    warnings.resetwarnings()
    warnings.simplefilter("ignore")


def _settings() -> dict[str, Any]:
    return {
        "default_dtype": torch.get_default_dtype(),
        "grad_mode": torch.is_grad_enabled(),
        "rng": torch.get_rng_state().numpy().tobytes(),
    }


@contextmanager
def observed(arguments: dict[str, Any], pristine: dict[str, Any]) -> Iterator[Effects]:
    """Watch one call. `arguments` are what the call gets, `pristine` the same values, which nobody else touches."""
    effects = Effects()
    before = _settings()
    training = {name: model.training for name, model in arguments.items() if isinstance(model, PreTrainedModel)}
    hooks = [
        model.register_forward_pre_hook(_spy(effects), with_kwargs=True)
        for model in arguments.values()
        if isinstance(model, PreTrainedModel)
    ]
    try:
        yield effects
    finally:
        for hook in hooks:
            hook.remove()
        with torch.no_grad():
            for name, value in arguments.items():
                effects.changed += _changes(name, value, pristine[name], training.get(name))
        after = _settings()
        effects.changed += [name for name in before if before[name] != after[name]]


def _spy(effects: Effects) -> Any:
    def record(module: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        ids = kwargs.get("input_ids", args[0] if args else None)
        if len(effects.forwards) < MAX_FORWARDS:
            effects.forwards.append(
                {
                    "training": module.training,
                    "grad": torch.is_grad_enabled(),
                    "mask": kwargs.get("attention_mask") is not None or len(args) > 1,
                    "shape": tuple(ids.shape) if isinstance(ids, torch.Tensor) else None,
                    "device": ids.device.type if isinstance(ids, torch.Tensor) else None,
                }
            )

    return record


def _changes(name: str, value: Any, original: Any, training: bool | None) -> list[str]:
    if isinstance(value, PreTrainedModel):
        parts = {
            "weights": _same_state(value, original),
            "config": _settings_of(value) == _settings_of(original),
            "training": value.training == training,
        }
        return [f"{name}.{part}" for part, same in parts.items() if not same]
    if isinstance(value, PreTrainedTokenizerBase):
        same = value.padding_side == original.padding_side and value.special_tokens_map == original.special_tokens_map
        return [] if same else [name]
    if isinstance(value, torch.Generator):  # whatever the student calls it: that it moved on is right, and compared
        return [] if torch.equal(value.get_state(), original.get_state()) else ["generator.state"]
    return [] if _same(value, original) else [name]


def _settings_of(model: PreTrainedModel) -> list[dict[str, Any]]:
    """Return the model's config, and what it says of `generate` where it generates."""
    generation = getattr(model, "generation_config", None)
    return [part.to_dict() for part in (model.config, generation) if part is not None]


def _same_state(a: torch.nn.Module, b: torch.nn.Module) -> bool:
    left, right = a.state_dict(), b.state_dict()
    return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)


def _same(a: Any, b: Any) -> bool:
    if isinstance(b, torch.Tensor):
        alike = isinstance(a, torch.Tensor) and a.shape == b.shape and a.dtype == b.dtype and a.device == b.device
        return alike and (b.is_meta or torch.equal(a, b))
    if isinstance(b, dict) or hasattr(b, "keys"):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in b)
    if isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(b, torch.Generator):
        return True
    return bool(a == b)
