def greedy(model, ids, max_new_tokens, eos=None):
    model.eval()
    made = 0
    while True:
        with torch.no_grad():
            logits = model(ids).logits
        best = logits[:, -1].argmax(dim=-1, keepdim=True)
        ids = torch.cat([ids, best], dim=1)
        made += 1
        if best.item() == eos or made >= max_new_tokens:
            return ids
