"""Attributes set one by one on the loaded config, zip for the tables; the Auto class takes keywords."""


def config_with_labels(checkpoint, labels):
    config = AutoConfig.from_pretrained(checkpoint)
    config.num_labels = len(labels)
    config.label2id = dict(zip(labels, range(len(labels))))
    config.id2label = {i: name for name, i in config.label2id.items()}
    return config


def model_with_labels(checkpoint, labels):
    return AutoModelForSequenceClassification.from_pretrained(
        checkpoint,
        num_labels=len(labels),
        id2label={i: label for i, label in enumerate(labels)},
        label2id={label: i for i, label in enumerate(labels)},
        ignore_mismatched_sizes=True,
    )


def from_scratch(config, labels):
    changed = copy.copy(config)
    changed.num_labels = len(labels)
    for i, label in enumerate(labels):
        changed.id2label[i] = label
    changed.label2id = {label: i for i, label in changed.id2label.items()}
    model = AutoModelForSequenceClassification.from_config(changed)
    model.train(False)
    return model
