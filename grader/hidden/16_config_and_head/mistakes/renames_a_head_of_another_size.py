def model_with_labels(checkpoint, labels):
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint)
    model.config.id2label = dict(enumerate(labels))
    model.config.label2id = {label: i for i, label in enumerate(labels)}
    return model
