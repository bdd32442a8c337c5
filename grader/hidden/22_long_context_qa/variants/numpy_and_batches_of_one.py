"""numpy behind the model, windows padded by hand, a dict of scores, results as tuples."""

import numpy as np


def windows(tokenizer, question, context, window=32, overlap=8):
    rows = tokenizer(
        question, context, None, None, truncation="only_second", max_length=window, stride=overlap,
        return_overflowing_tokens=True, return_offsets_mapping=True,
    )  # fmt: skip
    longest = max(map(len, rows["input_ids"]))
    fill = {"input_ids": tokenizer.pad_token_id, "offset_mapping": (0, 0)}
    data = {}
    for name in rows:
        if name != "overflow_to_sample_mapping":
            padded = [row + [fill.get(name, 0)] * (longest - len(row)) for row in rows[name]]
            data[name] = torch.tensor(padded)
    return BatchEncoding(data, encoding=rows.encodings)


def no_answer_score(start, end):
    return np.min(np.asarray(start.detach())[:, 0] + np.asarray(end.detach())[:, 0])


def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    encoded = windows(tokenizer, question, context, window, overlap)
    offsets = encoded.pop("offset_mapping").numpy()
    model.eval()
    with torch.no_grad():
        out = model(**encoded)
    starts, ends = out["start_logits"].numpy(), out["end_logits"].numpy()
    best = {}
    for row in range(len(starts)):
        kinds = encoded.sequence_ids(row)
        kinds = np.array(
            [kind if kind is not None else -1 for kind in kinds + [None] * (len(starts[row]) - len(kinds))]
        )
        places = np.flatnonzero(kinds == 1)
        for s in places:
            for e in places[(places >= s) & (places < s + max_tokens)]:
                key = (offsets[row, s, 0], offsets[row, e, 1])
                best[key] = max(best.get(key, -1e9), starts[row, s] + ends[row, e])
    if allow_none:
        best[0, 0] = no_answer_score(out.start_logits, out.end_logits)
    keys = sorted(best, key=best.__getitem__)[::-1][:n]
    return tuple((context[a:b], int(a), int(b), best[a, b]) for a, b in keys)
