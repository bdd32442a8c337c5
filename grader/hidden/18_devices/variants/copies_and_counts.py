"""The number of devices, a copy of the encoding, logits that come to the CPU before anything is asked of them."""

import copy


def pick_device(prefer=None):
    name = prefer or "cuda"
    if name.split(":")[0] == "cuda" and torch.cuda.device_count() == 0:
        name = "cpu"
    return torch.device(name)


def move(enc, model):
    moved = copy.copy(enc)
    moved.data = dict(enc.data)
    return moved.to(model.device)


def predict_on(model, tokenizer, texts):
    model.requires_grad_(False).eval()
    enc = move(tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt"), model)
    logits = model(**enc)["logits"].to("cpu")
    return [max(range(len(row)), key=row.__getitem__) for row in logits.tolist()]
