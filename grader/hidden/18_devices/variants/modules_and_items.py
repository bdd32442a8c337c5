"""A list of the devices that there are, `.data` replaced, topk and item()."""


def pick_device(prefer=None):
    devices = ["cpu", "meta"] + [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if torch.cuda.is_available():
        devices.append("cuda")
    if prefer in devices:
        return torch.device(prefer)
    return torch.device("cuda" if "cuda" in devices else "cpu")


def move(enc, model):
    device = {p.device for p in model.parameters()}.pop()
    enc.data = {name: entry.to(device) if hasattr(entry, "to") else entry for name, entry in enc.data.items()}
    return enc


def predict_on(model, tokenizer, texts):
    model.train(False)
    batch = move(tokenizer(texts, padding=True, truncation=True, return_tensors="pt"), model)
    with torch.no_grad():
        probs = torch.softmax(model(**batch).logits, dim=1)
    return [row.topk(1).indices.item() for row in probs]
