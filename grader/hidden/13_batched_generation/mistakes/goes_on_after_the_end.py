def continue_texts(model, tokenizer, prompts, max_new_tokens):
    model.eval()
    tokenizer.pad_token = tokenizer.eos_token
    encoded = tokenizer(prompts, padding=True, padding_side="left", return_tensors="pt")
    ids, mask = encoded["input_ids"], encoded["attention_mask"]
    start = ids.shape[1]
    for _ in range(max_new_tokens):
        positions = (mask.cumsum(dim=-1) - 1).clamp(min=0)
        with torch.no_grad():
            logits = model(ids, attention_mask=mask, position_ids=positions).logits
        best = logits[:, -1].argmax(dim=-1, keepdim=True)
        ids = torch.cat([ids, best], dim=1)
        mask = torch.cat([mask, torch.ones_like(best)], dim=1)
    return tokenizer.batch_decode(ids[:, start:], skip_special_tokens=True)
