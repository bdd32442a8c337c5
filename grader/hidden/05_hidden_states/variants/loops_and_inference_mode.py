"""A plain tuple instead of a ModelOutput, results as lists of tensors, one head after another."""


@torch.inference_mode()
def all_layers(model, enc):
    model.train(False)
    *_, states = model(**enc, output_hidden_states=True, return_dict=False)
    return [state for state in states]


def cls_of_layer(model, enc, layer):
    vectors = []
    for text in all_layers(model, enc)[layer]:
        vectors.append(text[0])
    return vectors


@torch.inference_mode()
def mean_attention(model, enc, layer):
    model.train(False)
    before = model.config._attn_implementation
    model.set_attn_implementation("eager")
    weights = model(**enc, output_attentions=True)["attentions"][layer]
    model.set_attn_implementation(before)
    total = torch.zeros_like(weights[:, 0])
    for head in range(weights.shape[1]):
        total += weights[:, head]
    return total / weights.shape[1]


def describe_output(model, enc):
    output = model(**enc)
    names = list(output)
    shapes = {}
    for name, value in zip(names, output.to_tuple()):
        if torch.is_tensor(value):
            shapes[name] = value.shape
        elif type(value) is tuple:
            shapes[name] = tuple(list(one.shape) for one in value)
    return shapes
