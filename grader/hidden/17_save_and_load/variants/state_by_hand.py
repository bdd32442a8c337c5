"""The folder made by hand, the weights loaded with torch's own strict load, one flat comparison."""

import os

from safetensors.torch import load_file


def save(model, tokenizer, folder):
    Path(folder).mkdir(exist_ok=True)
    missing = len(tokenizer) - model.get_input_embeddings().num_embeddings
    if missing > 0:
        model.resize_token_embeddings(model.get_input_embeddings().num_embeddings + missing)
    for thing in (tokenizer, model):
        thing.save_pretrained(folder)
    _, _, names = next(os.walk(folder))
    names.sort()
    return names


def load(folder):
    config = AutoConfig.from_pretrained(folder)
    model = getattr(transformers, config.architectures[0])(config)
    model.load_state_dict(load_file(f"{folder}/model.safetensors"))
    return model.eval(), AutoTokenizer.from_pretrained(folder, local_files_only=True)


def same_weights(a, b):
    left, right = sorted(a.state_dict().items()), sorted(b.state_dict().items())
    shapes = [[(name, tuple(x.shape)) for name, x in side] for side in (left, right)]
    if shapes[0] != shapes[1]:
        return False
    flat = [torch.cat([x.flatten() for _, x in side]) for side in (left, right)]
    return torch.allclose(flat[0], flat[1])
