def model_with_labels(checkpoint, labels):
    import torch

    model = AutoModelForSequenceClassification.from_pretrained(
        checkpoint, config=config_with_labels(checkpoint, labels), ignore_mismatched_sizes=True
    )
    if hasattr(model, "dropout"):  # RoBERTa's head has two layers
        model.classifier = torch.nn.Linear(model.config.hidden_size, len(labels))
    return model
