def fill(model, tokenizer, text, k=5):
    model.eval()
    with torch.no_grad():
        logits = model(**tokenizer(text, return_tensors="pt")).logits
    best = logits[0].softmax(dim=-1).flatten().topk(k)
    ids = (best.indices % logits.shape[-1]).tolist()
    return [list(zip(tokenizer.convert_ids_to_tokens(ids), best.values.tolist(), strict=True))]
