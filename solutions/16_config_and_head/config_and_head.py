"""A config and a head of your own: name the labels, load the weights that fit, or begin with none of them."""

from __future__ import annotations

import copy

from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedConfig, PreTrainedModel


def config_with_labels(checkpoint: str, labels: list[str]) -> PreTrainedConfig:
    """Return the configuration of `checkpoint`, with `labels` as its labels.

    The first label has the id 0, the next one 1, in the order in which they are given. `id2label` leads from an id to
    its name and `label2id` from a name to its id; `num_labels` follows from `id2label`. All else is as in the
    checkpoint.

    Shapes:  two tables with one entry per label; ids are of type int.
    Errors:  none; the labels differ from each other.
    Effects: none.
    Source:  https://huggingface.co/docs/transformers/main_classes/configuration
    """
    # TODO 1: two tables, from ids to names and from names to ids (about 2 lines).
    id2label = dict(enumerate(labels))
    label2id = {label: i for i, label in id2label.items()}
    # TODO 2: the configuration of the checkpoint, with both tables (about 1 line).
    return AutoConfig.from_pretrained(checkpoint, id2label=id2label, label2id=label2id)


def model_with_labels(checkpoint: str, labels: list[str]) -> PreTrainedModel:
    """Return a text classifier with the weights of `checkpoint` and the labels `labels`.

    Every weight of the checkpoint that fits is kept: those of the body always, and those of the head where the
    checkpoint has such a head for as many labels. A head that is missing there gets fresh weights: it is to be trained.
    Of a head for another number of labels, at least the layer that gives the logits gets fresh weights.

    Shapes:  the head gives one logit per label.
    Errors:  none.
    Effects: none; the model is in evaluation mode.
    Source:  https://huggingface.co/docs/transformers/tasks/sequence_classification
    """
    # TODO 3: the configuration for these labels (about 1 line).
    config = config_with_labels(checkpoint, labels)
    # TODO 4: a classifier with that configuration and the checkpoint's weights, also where its head has another size
    #   (about 1 line).
    return AutoModelForSequenceClassification.from_pretrained(checkpoint, config=config, ignore_mismatched_sizes=True)


def from_scratch(config: PreTrainedConfig, labels: list[str]) -> PreTrainedModel:
    """Return a text classifier that is built as `config` says, for `labels`, with fresh weights only.

    A configuration says how a model is built, and knows no weight. The caller needs `config` for other models too.

    Shapes:  the head gives one logit per label; labels have ids as in `config_with_labels`.
    Errors:  none.
    Effects: `config` is left unchanged; the model is in evaluation mode.
    Source:  https://huggingface.co/docs/transformers/model_doc/auto (`from_config`)
    """
    # TODO 5: a configuration of your own, equal to `config` but for its labels (about 3 lines).
    own = copy.deepcopy(config)
    own.id2label = dict(enumerate(labels))
    own.label2id = {label: i for i, label in enumerate(labels)}
    # TODO 6: a classifier with that configuration and fresh weights, in evaluation mode (about 2 lines).
    model = AutoModelForSequenceClassification.from_config(own)
    return model.eval()
