def greedy(model, ids, max_new_tokens, eos=None):
    model.eval()
    new = ids
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(new).logits
        new = logits[:, -1].argmax(dim=-1, keepdim=True)
        ids = torch.cat([ids, new], dim=1)
        if new.item() == eos:
            break
    return ids
