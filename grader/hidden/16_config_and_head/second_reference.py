"""A second way to 16: configurations as plain dicts, and weights copied by hand into a model that was made fresh.

Differs from the steps: no `from_pretrained` with labels or with `ignore_mismatched_sizes`; a weight is copied where a
weight of the same name and shape waits for it. Right because that is what "every weight that fits is kept" says.
"""

from __future__ import annotations

import torch
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.models.auto.modeling_auto import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING


def _relabelled(config: PreTrainedConfig, labels: list[str]) -> PreTrainedConfig:
    """Return a new configuration that says what `config` says, but for its labels."""
    settings = config.to_dict()
    settings["id2label"] = {i: labels[i] for i in range(len(labels))}
    settings["label2id"] = {labels[i]: i for i in range(len(labels))}
    settings.pop("num_labels", None)
    return type(config).from_dict(settings)


def config_with_labels(checkpoint: str, labels: list[str]) -> PreTrainedConfig:
    """Return the configuration of `checkpoint`, with `labels` as its labels."""
    return _relabelled(AutoConfig.from_pretrained(checkpoint), labels)


def model_with_labels(checkpoint: str, labels: list[str]) -> PreTrainedModel:
    """Return a classifier for `labels` into which every weight of the checkpoint is copied that has a place there."""
    model = from_scratch(AutoConfig.from_pretrained(checkpoint), labels)
    trained = dict(AutoModelForSequenceClassification.from_pretrained(checkpoint).named_parameters())
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name in trained and trained[name].shape == weight.shape:
                weight.copy_(trained[name])
    return model


def from_scratch(config: PreTrainedConfig, labels: list[str]) -> PreTrainedModel:
    """Return a classifier with fresh weights, made by the class that transformers lists for this kind of config."""
    model = MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING[type(config)](_relabelled(config, labels))
    return model.eval()
