"""Every token is made into room set aside before; the probabilities choose; what follows the end token is cut off."""

import numpy as np


def greedy(model, ids, max_new_tokens, eos=None):
    model.eval().requires_grad_(False)
    seq = ids.shape[1]
    room = torch.zeros(1, seq + max_new_tokens, dtype=ids.dtype)
    room[:, :seq] = ids
    for end in range(seq, seq + max_new_tokens):
        probabilities = torch.softmax(model(room[:, :end], attention_mask=torch.ones(1, end))["logits"], dim=-1)
        room[0, end] = torch.topk(probabilities[0, end - 1], 1).indices[0]
    result = room.numpy()
    ends = np.flatnonzero(result[0, seq:] == eos) if eos is not None else []
    return result[:, : seq + ends[0] + 1] if len(ends) else result
