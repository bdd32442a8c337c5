"""The device that a worker puts models and inputs on. For devices that are only pretended see `worker.pretend`.

CUDA is started here, in the worker, and nowhere before the fork: a process that forks after it can use it no more.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import BatchEncoding, PreTrainedModel

from grader import wire

PLACED = ("moved", "planted_far")  # makers that say themselves where a thing is


def start(device: str) -> str | None:
    """Wake `device`, so that no call of a student's pays for it.

    Return None, or in a few words why it cannot be used.
    """
    if device == "cpu":
        return None
    if device == "cuda" and torch.version.cuda is None and torch.version.hip is None:
        return f"the torch that is installed here ({torch.__version__}) was built without CUDA"
    if device == "cuda" and not torch.cuda.is_available():
        return "torch finds no CUDA device on this machine"
    try:
        numbers = torch.ones((8, 8), device=device)
        torch.nn.functional.softmax(numbers @ numbers, dim=-1)  # loads the libraries that every model needs
        if device == "cuda":
            torch.cuda.synchronize()
    except (RuntimeError, AssertionError) as error:
        return f"the device {device} cannot be used ({(str(error).splitlines() or [type(error).__name__])[0]})"
    return None


def of_call(values: list[Any], device: str) -> str:
    """Return the device of a call with these arguments: the worker's, or the CPU where something is to be drawn.

    A CUDA generator gives other numbers than one on the CPU from the same seed; no tolerance compares those.
    """
    return "cpu" if any(isinstance(value, wire.Made) and value.maker == "generator" for value in values) else device


def is_placed(made: wire.Made) -> bool:
    """Whether the suite has said where `made` is, or where something is that it is made of."""
    parts = made.options.values()
    return made.maker in PLACED or any(is_placed(part) for part in parts if isinstance(part, wire.Made))


def place(thing: Any, device: str) -> Any:
    """Return a model or an encoding on `device`; what holds no tensors, and a model split over devices, as it is."""
    if isinstance(thing, PreTrainedModel):
        return thing if hasattr(thing, "hf_device_map") else thing.to(device)  # type: ignore[arg-type]
    return thing.to(device) if isinstance(thing, BatchEncoding) else thing
