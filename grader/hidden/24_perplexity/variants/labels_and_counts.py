"""The model's own loss: labels of -100 where nothing is scored, and each window's mean times its number of tokens."""

import math


def token_losses(logits, ids):
    rows = [torch.nn.functional.cross_entropy(x[:-1], y[1:], reduction="none") for x, y in zip(logits, ids)]
    return torch.stack(rows)


def perplexity(model, tokenizer, texts):
    model.eval()
    batch = tokenizer(texts, padding="longest", return_tensors="pt")
    labels = batch.input_ids.masked_fill(batch.attention_mask == 0, -100)
    with torch.inference_mode():
        loss = model(**batch, labels=labels)["loss"]
    return math.exp(loss)


def sliding_perplexity(model, ids, window, step):
    model.eval()
    total, previous, seq = 0.0, 1, ids.size(1)
    for begin in range(0, seq, step):
        end = min(begin + window, seq)
        chunk = ids[:, begin:end]
        labels = chunk.clone()
        labels[:, : previous - begin] = -100
        with torch.no_grad():
            total += model(chunk, labels=labels).loss.item() * (end - previous)
        previous = end
        if end == seq:
            break
    return math.exp(total / (seq - 1))
