"""Count the parameters: how many numbers a model has learned, how many it still learns, and the room that they take."""

from __future__ import annotations

from transformers import PreTrainedModel


def count(model: PreTrainedModel) -> int:
    """Return how many parameters the model has: the numbers in all its weights.

    A weight that several modules share (the embeddings of GPT-2 are also its output layer) is one weight and counts
    once; an output layer with a weight of its own counts as well. Frozen weights count. Buffers, tensors that are no
    parameters, do not.

    Shapes:  any; a weight of shape (rows, columns) has rows times columns parameters.
    Errors:  none.
    Effects: none; the model stays as it is.
    Source:  https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html (parameters)
    """
    # TODO 1: the sum over all weights (about 1 line).
    raise NotImplementedError("TODO 1")


def count_trainable(model: PreTrainedModel) -> int:
    """Return how many of the parameters training would change: those of the weights that are not frozen.

    A weight is frozen if it asks for no gradient. Training mode and evaluation mode have nothing to do with it.

    Shapes:  any; a shared weight counts once.
    Errors:  none.
    Effects: none; the model stays as it is.
    Source:  https://docs.pytorch.org/docs/stable/notes/autograd.html (requires_grad)
    """
    # TODO 2: as before, over the weights that are not frozen (about 1 line).
    raise NotImplementedError("TODO 2")


def size_in_mib(model: PreTrainedModel) -> float:
    """Return the memory that the weights take, each in its own dtype. Buffers are not part of it.

    Shapes:  any; a shared weight is stored once.
    Units:   MiB, 2**20 bytes, not rounded.
    Dtype:   float32 takes 4 bytes, float16 and bfloat16 take 2; a model can have several.
    Errors:  none.
    Effects: none; the model stays as it is.
    Source:  https://docs.pytorch.org/docs/stable/generated/torch.Tensor.element_size.html
    """
    # TODO 3: the bytes of all weights, in MiB (about 2 lines).
    raise NotImplementedError("TODO 3")


def by_module(model: PreTrainedModel) -> dict[str, int]:
    """Return the parameters of each top-level module by its name: `{"bert": 109482240, "classifier": 1538, …}`.

    Top-level modules are the direct children of the model. Each of them counts all the weights that it has, its own
    and those of the modules inside it, frozen ones too. A weight that two of them share counts in both, so that the sum
    can be more than `count(model)`. A module without weights is listed with 0. A module that the model holds under two
    names is listed once, under the first of them.

    Shapes:  none; one entry per direct child.
    Errors:  none.
    Effects: none; the model stays as it is.
    Source:  https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html (named_children)
    """
    # TODO 4: one entry per direct child (about 1 line).
    raise NotImplementedError("TODO 4")
