"""The cache of keys and values: after the prompt only the newest token goes through the model."""


@torch.inference_mode()
def greedy(model, ids, max_new_tokens, eos=None):
    model.eval()
    past, fed, made = None, ids, []
    for _ in range(max_new_tokens):
        output = model(fed, past_key_values=past, use_cache=True)
        past = output.past_key_values
        fed = output.logits[:, -1:].argmax(-1)
        made.append(fed)
        if eos is not None and bool((fed == eos).all()):
            break
    return torch.cat([ids, *made], dim=-1)
