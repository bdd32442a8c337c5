def sliding_perplexity(model, ids, window, step):
    model.eval()
    total, counted, done = 0.0, 0, 0
    for begin in range(0, ids.shape[1], step):
        end = min(begin + window, ids.shape[1])
        part = ids[:, begin:end]
        labels = part.clone()
        labels[:, : done - end] = -100
        with torch.no_grad():
            loss = model(part, labels=labels).loss
        count = (labels != -100).sum().item() - 1
        total += loss * count
        counted += count
        done = end
        if end == ids.shape[1]:
            break
    return torch.exp(total / counted).item()
