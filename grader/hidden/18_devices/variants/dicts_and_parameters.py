"""Comprehensions, the device of the first parameter, one text at a time, numbers by int()."""


def pick_device(prefer=None):
    has_cuda = torch.cuda.is_available()
    if prefer and (has_cuda or not prefer.startswith("cuda")):
        return torch.device(prefer)
    if has_cuda:
        return torch.device("cuda:0")
    return torch.device("cpu")


def move(enc, model):
    where = next(model.parameters()).device
    data = {k: v.to(where) if isinstance(v, torch.Tensor) else v for k, v in enc.items()}
    return BatchEncoding(data, encoding=enc.encodings)


def predict_on(model, tokenizer, texts):
    where = next(model.parameters()).device
    model.eval()
    found = []
    for text in texts:
        inputs = {k: v.to(where) for k, v in tokenizer(text, truncation=True, return_tensors="pt").items()}
        with torch.inference_mode():
            row = model(**inputs).logits[0]
        found.append(int(row.argmax()))
    return found
