def sliding_perplexity(model, ids, window, step):
    model.eval()
    losses = []
    for begin in range(0, ids.shape[1], window):
        part = ids[:, begin : begin + window]
        with torch.no_grad():
            logits = model(part).logits
        losses.append(token_losses(logits, part)[0])
    return torch.cat(losses).mean().exp().item()
