def load(task, checkpoint, labels=None):
    model = auto_class(task).from_pretrained(checkpoint)
    if labels is not None:
        model.config.num_labels = labels
    return model
