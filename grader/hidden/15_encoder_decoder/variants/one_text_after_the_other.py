"""Each text alone, without its padding, and the rows filled up at the end; numpy softmax; lists as the result."""

import numpy as np


def next_probabilities(model, enc, decoder_ids):
    model.eval().requires_grad_(False)
    output = model(**enc, decoder_input_ids=decoder_ids, return_dict=False)
    x = output[0].numpy()[:, -1].astype(np.float64)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def greedy_seq2seq(model, enc, max_new_tokens):
    model.eval().requires_grad_(False)
    rows = []
    for ids, mask in zip(enc["input_ids"], enc["attention_mask"]):
        source, row = ids[mask == 1].unsqueeze(0), []
        while len(row) < max_new_tokens and (not row or row[-1] != model.config.eos_token_id):
            read = torch.tensor([[model.config.decoder_start_token_id] + row])
            row.append(int(model(source, decoder_input_ids=read)[0][0, -1].argmax()))
        rows.append(row)
    longest = max(map(len, rows))
    return [row + [model.config.pad_token_id] * (longest - len(row)) for row in rows]
