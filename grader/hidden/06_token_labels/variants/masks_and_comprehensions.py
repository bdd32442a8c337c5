"""Special tokens found by id and attention mask, argmax over logits and gather, results as nested tuples."""


def likeliest(logits):
    ids = torch.argmax(logits, -1)
    scores = torch.softmax(logits, -1).gather(-1, ids.unsqueeze(-1)).squeeze(-1)
    return scores, ids


def tag(model, tokenizer, texts):
    batch = tokenizer(texts, padding="longest", return_tensors="pt")
    with torch.no_grad():
        output = model.eval()(**batch)
    scores, ids = likeliest(output[0])
    specials = torch.tensor([tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id])
    real = batch["attention_mask"].bool() & ~torch.isin(batch["input_ids"], specials)
    names = [[model.config.id2label[i] for i in row] for row in ids.tolist()]
    return tuple(
        tuple(
            (tokenizer._tokenizer.id_to_token(int(batch["input_ids"][r, c])), names[r][c], scores[r, c].item())
            for c in range(real.shape[1])
            if real[r, c] and names[r][c] != "O"
        )
        for r in range(real.shape[0])
    )
