def greedy_cached(model, ids, mask, max_new_tokens):
    model.eval()
    seq, read = ids.shape[1], []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            output = model(ids, attention_mask=mask, position_ids=positions(mask))
        read.append(ids.shape[1])
        best = output.logits[:, -1:].argmax(dim=-1)
        ids = torch.cat([ids, best], dim=1)
        mask = torch.cat([mask, torch.ones_like(best)], dim=1)
    return ids[:, seq:], read
