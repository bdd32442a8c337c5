"""max over both sizes, the file config.json read by hand, a loop that returns early."""

import json
import os


def save(model, tokenizer, folder):
    model.resize_token_embeddings(max(len(tokenizer), model.config.vocab_size))
    model.save_pretrained(save_directory=folder)
    tokenizer.save_pretrained(save_directory=folder)
    with os.scandir(folder) as entries:
        return tuple(sorted(entry.name for entry in entries))


def load(folder):
    name = json.loads((Path(folder) / "config.json").read_text("utf-8"))["architectures"][0]
    model = eval(f"transformers.{name}").from_pretrained(pretrained_model_name_or_path=folder)
    model.train(False)
    return model, transformers.PreTrainedTokenizerFast.from_pretrained(folder)


def same_weights(a, b):
    left, right = list(a.named_parameters()), list(b.named_parameters())
    if len(left) != len(right):
        return False
    for (name, x), (other_name, y) in zip(left, right):
        if name != other_name or x.shape != y.shape:
            return False
        if (x - y).abs().max().item() > 1e-6:
            return False
    return True
