"""Each row is sorted so that its padding stands on the right, and its length gives the place; gather."""


def next_logits(model, encoded):
    ids, mask = encoded["input_ids"], encoded["attention_mask"]
    order = torch.argsort(mask, dim=1, descending=True, stable=True)
    with torch.no_grad():
        out = model.eval()(ids.gather(1, order), attention_mask=mask.gather(1, order))
    place = (mask.sum(1) - 1).view(-1, 1, 1).expand(-1, 1, out["logits"].shape[-1])
    return out["logits"].gather(1, place).squeeze(1)


def top_next(model, tokenizer, text, k=5):
    model.eval()
    ids = torch.tensor([tokenizer.encode(text)])
    with torch.no_grad():
        values, indices = torch.nn.functional.softmax(model(ids)[0][0, -1], dim=0).topk(k)
    texts = tokenizer.batch_decode(indices.unsqueeze(-1))
    return list(zip(texts, values.numpy(), strict=True))
