"""A Python list that grows, keyword arguments, gradients detached, the result as a list of lists."""


def greedy(model, ids, max_new_tokens, eos=None):
    model.train(False)
    tokens = ids[0].tolist()
    while max_new_tokens > 0:
        output = model(input_ids=torch.tensor([tokens]), return_dict=False)
        tokens.append(output[0].detach()[0][-1].argmax().item())
        max_new_tokens -= 1
        if eos is not None and tokens[-1] == eos:
            break
    return [tokens]
