"""A copy of the model is configured; the model that was handed in is never touched."""

import copy


def _configured(model, **asked):
    twin = copy.deepcopy(model).eval()
    twin.set_attn_implementation("eager")
    for name, value in asked.items():
        setattr(twin.config, name, value)
    return twin


def all_layers(model, enc):
    with torch.no_grad():
        states = _configured(model, output_hidden_states=True)(**enc).hidden_states
    return torch.cat([state.unsqueeze(0) for state in states], dim=0)


def cls_of_layer(model, enc, layer):
    with torch.no_grad():
        state = _configured(model)(**enc, output_hidden_states=True).hidden_states[layer]
    return state.select(1, 0)


def mean_attention(model, enc, layer):
    with torch.no_grad():
        attentions = _configured(model, output_attentions=True)(**enc).attentions
    return torch.stack(attentions).mean(dim=2)[layer]


def describe_output(model, enc):
    described = {}
    for name in (output := model(**enc)).keys():
        value = output[name]
        try:
            described[name] = list(map(lambda t: t.shape, value)) if type(value) is tuple else value.shape
        except AttributeError:  # a cache
            continue
    return described
