"""The config as a dict, made again from it; the model is constructed first and then given the state of the other."""

import transformers


def config_with_labels(checkpoint, labels):
    values = AutoConfig.from_pretrained(checkpoint).to_dict()
    values["id2label"] = {i: labels[i] for i in range(len(labels))}
    values["label2id"] = {labels[i]: i for i in range(len(labels))}
    return AutoConfig.for_model(**values)


def model_with_labels(checkpoint, labels):
    model = AutoModelForSequenceClassification.from_config(config_with_labels(checkpoint, labels))
    loaded = AutoModelForSequenceClassification.from_pretrained(checkpoint).state_dict()
    own = model.state_dict()
    model.load_state_dict({k: v for k, v in loaded.items() if v.shape == own[k].shape}, strict=False)
    return model.eval()


def from_scratch(config, labels):
    values = config.to_dict()
    values.update(id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)})
    own = type(config).from_dict(values)
    names = {"distilbert": "DistilBert", "bert": "Bert", "roberta": "Roberta"}
    return getattr(transformers, names[own.model_type] + "ForSequenceClassification")(own).eval()
