def greedy(model, ids, max_new_tokens, eos=None):
    model.eval()
    prompt = ids.shape[1]
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(ids).logits
        best = logits[:, -1].argmax(dim=-1, keepdim=True)
        ids = torch.cat([ids, best], dim=1)
        if best.item() == eos:
            break
    return ids[:, prompt:]
