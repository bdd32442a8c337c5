"""Recursion: one token, then the rest; int32 ids."""


def greedy(model, ids, max_new_tokens, eos=None):
    if max_new_tokens < 1:
        return ids.to(torch.int32)
    with torch.no_grad():
        following = model.eval()(ids).logits.log_softmax(-1).max(-1).indices[:, -1]
    longer = torch.hstack((ids, following.reshape(1, 1)))
    return greedy(model, longer, 0 if following.item() == eos else max_new_tokens - 1, eos)
