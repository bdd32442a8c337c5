"""Devices that this machine does not have, for calls that must follow one: pretended, because most graders have none.

`machine` makes torch say that there are so many CUDA devices. `PlantedFar` is a model on torch's meta device: it takes
inputs from there alone, and what it returns stays there, with its values, until it is copied to the CPU. The devices
that a machine really has are `worker.devices`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import torch
from torch.utils._pytree import tree_leaves, tree_map_only
from transformers import PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils.generic import ModelOutput

from grader.worker.planted import Planted

FAR = torch.device("meta")


@contextmanager
def machine(cuda: int) -> Iterator[None]:
    """Make every question about devices answer as on a machine with `cuda` CUDA devices and no other accelerator."""
    answers: dict[Any, dict[str, Any]] = {
        torch.cuda: {"is_available": cuda > 0, "device_count": cuda, "current_device": 0},
        torch.accelerator: {
            "is_available": cuda > 0,
            "device_count": cuda,
            "current_accelerator": torch.device("cuda") if cuda else None,
        },
        torch.backends.mps: {"is_available": False},
        torch.xpu: {"is_available": False, "device_count": 0},
    }
    with ExitStack() as stack:
        for module, said in answers.items():
            for name, answer in said.items():
                # The reason of the default: each of these takes other arguments, and none changes the answer.
                stack.enter_context(mock.patch.object(module, name, lambda *_, answer=answer, **__: answer))
        yield


class Far(torch.Tensor):
    """A tensor that says it is on the meta device and has values all the same, as a tensor on a GPU has.

    Operations run on its values. They refuse what a GPU refuses: a tensor of the CPU beside it (unless it is a single
    number), and numpy. `cpu()`, `to("cpu")`, `item()`, `tolist()` and `int()` give the values.
    """

    inside: torch.Tensor

    @staticmethod
    def __new__(cls, inside: torch.Tensor) -> Far:
        made: Far = torch.Tensor._make_wrapper_subclass(
            cls, inside.shape, strides=inside.stride(), dtype=inside.dtype, device=FAR
        )
        made.inside = inside
        return made

    @classmethod
    def __torch_dispatch__(cls, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # type: ignore[override]
        kwargs = dict(kwargs or {})
        if function is torch.ops.aten.copy_.default and not isinstance(args[0], Far):
            return args[0].copy_(args[1].inside)
        for value in tree_leaves((args, kwargs)):
            if isinstance(value, torch.Tensor) and not isinstance(value, Far) and value.ndim:
                raise _two_devices(f"{FAR} and {value.device}")
        to = kwargs.get("device")
        if to is not None:
            kwargs["device"] = torch.device("cpu")
        args, kwargs = tree_map_only(Far, lambda far: far.inside, (args, kwargs))
        result = function(*args, **kwargs)
        return tree_map_only(torch.Tensor, Far, result) if to in (None, FAR) else result

    def tolist(self) -> Any:
        return self.inside.tolist()

    def numpy(self, *, force: bool = False) -> Any:
        if force:
            return self.inside.numpy(force=True)
        raise TypeError(
            f"can't convert {FAR} device type tensor to numpy. "
            "Use Tensor.cpu() to copy the tensor to host memory first."
        )

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.numpy()

    def __repr__(self, *, tensor_contents: Any = None) -> str:  # type: ignore[override]
        return f"tensor({self.inside.tolist()}, device='{FAR}')"


class PlantedFar(Planted):  # type: ignore[no-untyped-call]
    """A classifier on the meta device, which gives each text the logits `row` (meta tensors have no values to read)."""

    output_class = SequenceClassifierOutput

    def __init__(self, row: torch.Tensor, id2label: dict[int, str]) -> None:
        super().__init__(id2label)
        self.row = row
        self.to(FAR)  # type: ignore[arg-type]

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,
        return_dict: bool | None = None,
        **others: Any,  # noqa: ARG002 - a calling style
    ) -> ModelOutput | tuple[Any, ...]:
        given = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        for name, value in given.items():
            if value is not None and value.device != self.device:
                raise _two_devices(f"{name} is on {value.device}, the weights are on {self.device}")
        output = SequenceClassifierOutput(logits=Far(self.row.repeat(input_ids.shape[0], 1)))
        return output.to_tuple() if return_dict is False else output


def _two_devices(which: str) -> RuntimeError:
    return RuntimeError(f"Expected all tensors to be on the same device, but found at least two devices: {which}")


def planted_far(row: torch.Tensor, labels: dict[int, str]) -> PreTrainedModel:
    """A classifier on the meta device, which gives each text the logits `row`."""
    return PlantedFar(row, labels)


def on_machine(value: Any, cuda: int) -> Any:  # noqa: ARG001 - the call is made on that machine, see `Server.call`
    """`value` itself; torch says that there are `cuda` CUDA devices while it is used."""
    return value
