def load(folder):
    saved = AutoConfig.from_pretrained(folder)
    sizes = {key: value for key, value in saved.to_dict().items() if isinstance(value, int | float)}
    config = type(saved)(**sizes, num_labels=saved.num_labels)
    model = getattr(transformers, saved.architectures[0]).from_pretrained(folder, config=config)
    return model, AutoTokenizer.from_pretrained(folder)
