def greedy(model, ids, max_new_tokens, eos=None):
    model.eval()
    past = None
    for _ in range(max_new_tokens):
        with torch.no_grad():
            output = model(ids, past_key_values=past, use_cache=True)
        past = output.past_key_values
        best = output.logits[:, -1].argmax(dim=-1, keepdim=True)
        ids = torch.cat([ids, best], dim=1)
        if best.item() == eos:
            break
    return ids
