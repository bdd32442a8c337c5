def positions(mask):
    padding = mask == 0
    return mask.cumsum_(dim=1).sub(1).masked_fill(padding, 0)


def greedy_cached(model, ids, mask, max_new_tokens):
    model.eval()
    fed = ids
    places = positions(mask.clone())
    cache, written, read = None, [], []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            output = model(fed, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True)
        read.append(fed.shape[1])
        cache = output.past_key_values
        fed = output.logits[:, -1:].argmax(dim=-1)
        written.append(fed)
        mask = torch.cat([mask, torch.ones_like(fed)], dim=1)
        places = places[:, -1:] + 1
    return torch.cat(written, dim=1), read
