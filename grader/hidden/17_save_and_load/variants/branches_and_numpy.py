"""The Auto class by the ending of the name, rows of the embedding matrix counted, numpy for the comparison."""

import numpy as np
from transformers import (
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)


def save(model, tokenizer, folder):
    rows = model.get_input_embeddings().weight.shape[0]
    if len(tokenizer) > rows:
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    path = Path(folder)
    tokenizer.save_pretrained(path)
    model.save_pretrained(path)
    return sorted(item.name for item in path.iterdir())


def load(folder):
    name = AutoConfig.from_pretrained(folder).architectures[0]
    if name.endswith("ForSequenceClassification"):
        auto = AutoModelForSequenceClassification
    elif name.endswith("ForTokenClassification"):
        auto = AutoModelForTokenClassification
    elif name.endswith("ForMaskedLM"):
        auto = AutoModelForMaskedLM
    else:
        auto = AutoModel
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return [auto.from_pretrained(folder).eval(), tokenizer]


def same_weights(a, b):
    left = {name: p.detach().numpy() for name, p in a.named_parameters()}
    right = {name: p.detach().numpy() for name, p in b.named_parameters()}
    return set(left) == set(right) and all(np.array_equal(left[name], right[name]) for name in left)
