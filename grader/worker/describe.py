"""Models and tokenizers do not cross the line; what can be said of them does.

A description holds what tells two of them apart: the class, the labels, the mode, and what they make of a fixed input.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import (
    AutoConfig,
    AutoTokenizer,
    BatchEncoding,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from grader import wire

PROBE_IDS = (5, 9, 7, 11, 3, 8)
PROBE_TEXT = "Ana lives in Málaga, doesn't she? ¡Qué niño! 100 %"


def describe_model(model: PreTrainedModel) -> wire.Record:
    """Return class, labels, mode, dtype and size of `model`, and the logits (or states) that it gives a fixed row.

    `body` are the states below its head, which tell loaded weights from fresh ones where the head is fresh.
    """
    config, training = model.config, model.training
    fields: dict[str, Any] = {
        "class": type(model).__name__,
        "labels": dict(config.id2label or {}),
        "label_ids": dict(config.label2id or {}),
        "training": training,
        "dtype": str(model.dtype).removeprefix("torch."),
        "device": model.device.type,
        "size": model.num_parameters(),
    }
    if model.device.type != "meta":
        ids = torch.tensor([PROBE_IDS], device=model.device)
        inputs = {"input_ids": ids} | ({"decoder_input_ids": ids} if config.is_encoder_decoder else {})
        try:
            with torch.no_grad():
                fields["answer"] = model.eval()(**inputs, return_dict=True)[0]  # type: ignore[no-untyped-call]
                if model.base_model is not model:
                    fields["body"] = model.base_model(**inputs, return_dict=True)[0]
        finally:
            model.train(training)
    return wire.Record("model", fields)


def describe_config(config: PreTrainedConfig) -> wire.Record:
    """Return the public values of `config` by name, and the number of labels, which a config derives.

    Private ones hold where it was loaded from, which differs from run to run.
    """
    values = {name: value for name, value in config.to_dict().items() if not name.startswith("_")}
    return wire.Record(type(config).__name__, {**values, "num_labels": config.num_labels})


def describe_tokenizer(tokenizer: PreTrainedTokenizerBase) -> wire.Record:
    """Return size, sides and special tokens of `tokenizer`, and the ids that it gives a fixed text."""
    return wire.Record(
        "tokenizer",
        {
            "size": len(tokenizer),
            "special": {str(k): str(v) for k, v in tokenizer.special_tokens_map.items()},
            "padding_side": tokenizer.padding_side,
            "truncation_side": tokenizer.truncation_side,
            "max_length": min(int(tokenizer.model_max_length), 2**31),
            "ids": list(tokenizer(PROBE_TEXT)["input_ids"]),
        },
    )


def describe_encoding(encoding: BatchEncoding) -> wire.Record:
    """Return `devices`, those of its tensors, and `words`, the word of each token of each text.

    `words` is None where the encoding no longer knows its tokens.
    """
    devices = {value.device.type for value in encoding.values() if isinstance(value, torch.Tensor)}
    tokens = encoding.encodings
    words = None if tokens is None else [list(encoding.word_ids(row)) for row in range(len(tokens))]
    return wire.Record("encoding", {"devices": sorted(devices), "words": words})


def describe_folder(path: str) -> wire.Record:
    """Return the names of the files in a folder, and what loads from it as a model and as a tokenizer, or None."""
    names = sorted(item.relative_to(path).as_posix() for item in Path(path).rglob("*") if item.is_file())
    fields: dict[str, Any] = {"files": names[:100], "model": None, "tokenizer": None}
    try:
        (name,) = AutoConfig.from_pretrained(path).architectures
        fields["model"] = describe_model(getattr(transformers, name).from_pretrained(path))
    except Exception:  # whatever a student saved there, it is not a model that loads
        fields["model"] = None
    if "tokenizer_config.json" in names:
        try:
            fields["tokenizer"] = describe_tokenizer(AutoTokenizer.from_pretrained(path))
        except Exception:  # as above
            fields["tokenizer"] = None
    return wire.Record("folder", fields)
