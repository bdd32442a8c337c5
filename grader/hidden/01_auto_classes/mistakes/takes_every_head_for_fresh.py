def fresh_weights(task, checkpoint, labels=None):
    model = load(task, checkpoint, labels)
    body = {f"{model.base_model_prefix}.{name}" for name in model.base_model.state_dict()}
    return set(model.state_dict()) - body if model is not model.base_model else set()
