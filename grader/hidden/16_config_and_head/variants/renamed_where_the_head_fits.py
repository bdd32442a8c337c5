"""Two cases: a head that fits is renamed after loading; any other is made anew by the library."""


def config_with_labels(checkpoint, labels):
    config = AutoConfig.from_pretrained(checkpoint, num_labels=len(labels))
    config.id2label, config.label2id = {}, {}
    for i, label in enumerate(labels):
        config.id2label[i] = label
        config.label2id[label] = i
    return config


def model_with_labels(checkpoint, labels):
    before = AutoConfig.from_pretrained(checkpoint)
    count = len(labels)
    options = {} if before.num_labels == count else {"num_labels": count, "ignore_mismatched_sizes": True}
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, **options)
    model.config.id2label = dict(enumerate(labels))
    model.config.label2id = {label: labels.index(label) for label in labels}
    return model


def from_scratch(config, labels):
    own = copy.deepcopy(config)
    own.num_labels = len(labels)
    model = AutoModelForSequenceClassification.from_config(own)
    model.config.id2label = dict(enumerate(labels))
    model.config.label2id = {label: i for i, label in model.config.id2label.items()}
    return model.eval()
