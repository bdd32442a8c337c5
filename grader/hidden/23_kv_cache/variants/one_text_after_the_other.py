"""Each text alone, without its padding, and the numbers of the padded batch; probabilities choose."""


def positions(mask):
    return torch.stack([torch.where(row == 1, torch.cumsum(row, 0) - 1, 0) for row in mask])


def greedy_cached(model, ids, mask, max_new_tokens):
    model.eval()
    rows = []
    for line, kept in zip(ids, mask.bool()):
        fed, past, row = line[kept][None], None, []
        for _ in range(max_new_tokens):
            with torch.no_grad():
                output = model(fed, past_key_values=past, use_cache=True)
            past = output.past_key_values
            fed = output.logits[:, -1].softmax(-1).max(-1, keepdim=True).indices
            row.append(fed[0, 0])
        rows.append(torch.stack(row))
    return torch.stack(rows), [ids.shape[1]] + [1] * (max_new_tokens - 1)
