"""A second reference: the checkpoint's own file decides which weights are fresh.

`from_pretrained` is not asked for a report. A weight of the model comes from the checkpoint if the file on disk holds
one of the same name (with or without the family's prefix) and shape, or if it shares its memory with such a weight.
"""

from __future__ import annotations

import transformers
from safetensors import safe_open
from transformers import AutoConfig, PreTrainedModel
from transformers.utils.hub import cached_file


def auto_class(task: str) -> type:
    """Return the Auto class that loads any checkpoint for a task."""
    match task:
        case "features":
            ending = ""
        case "text-classification":
            ending = "ForSequenceClassification"
        case "token-classification":
            ending = "ForTokenClassification"
        case "question-answering":
            ending = "ForQuestionAnswering"
        case "fill-mask":
            ending = "ForMaskedLM"
        case "text-generation":
            ending = "ForCausalLM"
        case "text2text-generation":
            ending = "ForSeq2SeqLM"
        case _:
            raise ValueError(f"no such task: {task!r}")
    found: type = getattr(transformers, f"AutoModel{ending}")
    return found


def load(task: str, checkpoint: str, labels: int | None = None) -> PreTrainedModel:
    """Return the checkpoint as a model for the task, built after a config with the wanted number of labels."""
    family = auto_class(task)
    config = AutoConfig.from_pretrained(checkpoint)
    if labels is not None and labels != config.num_labels:
        config.num_labels = labels
    model: PreTrainedModel = family.from_pretrained(checkpoint, config=config, ignore_mismatched_sizes=True)
    return model


def stored_shapes(checkpoint: str) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor in the checkpoint's file, by its name there (one safetensors file)."""
    with safe_open(cached_file(checkpoint, "model.safetensors"), framework="np") as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118


def fresh_weights(task: str, checkpoint: str, labels: int | None = None) -> set[str]:
    """Return the names of the weights for which the checkpoint's file holds nothing of that name and shape."""
    model = load(task, checkpoint, labels)
    stored = stored_shapes(checkpoint)
    prefix = f"{model.base_model_prefix}."
    weights = model.state_dict()

    came = set()
    for name, weight in weights.items():
        for spelling in (name, prefix + name, name.removeprefix(prefix)):
            if stored.get(spelling) == tuple(weight.shape):
                came.add(name)
    memory = {weights[name].data_ptr() for name in came}
    return {name for name, weight in weights.items() if name not in came and weight.data_ptr() not in memory}
