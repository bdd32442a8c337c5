"""Everything after the model in numpy, in double precision, results as numpy numbers."""

import numpy as np


def probabilities(logits, multi_label=False):
    x = logits.detach().numpy().astype(np.float64)
    if multi_label:
        return 1 / (1 + np.exp(-x))
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@torch.inference_mode()
def predict(model, tokenizer, texts, threshold=0.5):
    encoded = tokenizer(list(texts), return_tensors="pt", padding="longest")
    logits = model.eval()(encoded["input_ids"], attention_mask=encoded["attention_mask"], return_dict=False)[0]
    table = probabilities(logits.clone(), logits.shape[1] == 1)
    names = model.config.id2label
    if table.shape[1] == 1:
        return [{"label": names[0] if p >= threshold else "NONE", "score": p} for p in table[:, 0]]
    return [{"label": names[int(i)], "score": row[i], "index": int(i)} for row, i in zip(table, table.argmax(1))]
