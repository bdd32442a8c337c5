def greedy_cached(model, ids, mask, max_new_tokens):
    model.eval()
    fed, places = ids, positions(mask)
    cache, written, read = None, [], []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            cache = model(
                fed, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True
            ).past_key_values
            logits = model(fed, attention_mask=mask, position_ids=places, past_key_values=cache).logits
        read.append(fed.shape[1])
        best = logits[:, -1:].argmax(dim=-1)
        written.append(best)
        fed = best
        mask = torch.cat([mask, torch.ones_like(best)], dim=1)
        places = positions(mask)[:, -1:]
    return torch.cat(written, dim=1), read
