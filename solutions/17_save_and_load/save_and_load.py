"""Save and load: a folder that gives back the same model, with its head, its labels and its tokenizer."""

from __future__ import annotations

from pathlib import Path

import torch
import transformers
from transformers import AutoConfig, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase


def save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: str) -> list[str]:
    """Save `model` and `tokenizer` in `folder`, and return the names of the files that are there then, sorted.

    Both are saved in the form that `from_pretrained` reads, in the folder itself. They must fit each other: a tokenizer
    to which tokens were added can give ids for which the model has no embedding, and then the model grows before it is
    saved (`resize_token_embeddings`). It never shrinks: spare embeddings do no harm, and some models have them.

    Shapes:  one name per file.
    Errors:  none; the folder exists, or is made.
    Effects: writes into `folder`; the model may get more embeddings, its other weights stay as they are.
    Source:  https://huggingface.co/docs/transformers/main_classes/model (`save_pretrained`)
    """
    # TODO 1: an embedding for every token of the tokenizer, where the model has fewer (about 2 lines).
    if model.get_input_embeddings().num_embeddings < len(tokenizer):
        model.resize_token_embeddings(len(tokenizer))
    # TODO 2: both into the folder, and the names of its files (about 3 lines).
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return sorted(path.name for path in Path(folder).iterdir())


def load(folder: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Return the model and the tokenizer that were saved in `folder`.

    The model is of the class that it was saved as, with its head and its labels. The folder says which class that is:
    `architectures` in its configuration holds the name, and the module `transformers` has a class of that name.

    Shapes:  a model and a tokenizer, in this order.
    Errors:  none; the folder holds both.
    Effects: none; the model is in evaluation mode.
    Source:  https://huggingface.co/docs/transformers/main_classes/model (`from_pretrained`)
    """
    # TODO 3: the class of the model (about 2 lines).
    (name,) = AutoConfig.from_pretrained(folder).architectures
    model_class = getattr(transformers, name)
    # TODO 4: the model and the tokenizer, from the folder (about 2 lines).
    model = model_class.from_pretrained(folder)
    return model, AutoTokenizer.from_pretrained(folder)


def same_weights(a: PreTrainedModel, b: PreTrainedModel) -> bool:
    """Return whether both models have the same weights: the same names, and under each name the same numbers.

    What was saved and loaded is the same to the last digit, so a single number that differs in the third decimal place
    (0.002) is a difference. A weight that only one of the models has, either of them, is a difference too, and so is
    one that has another name. The configuration is not looked at: models whose labels have other names can have the
    same weights.

    Shapes:  one answer for both models; under one name, shapes may differ.
    Errors:  none.
    Effects: none.
    Source:  https://docs.pytorch.org/docs/stable/notes/serialization.html
    """
    # TODO 5: the weights of each model, by name (about 1 line).
    left, right = a.state_dict(), b.state_dict()
    # TODO 6: whether the names are the same, and the numbers under each of them (about 2 lines).
    if left.keys() != right.keys():
        return False
    return all(torch.equal(left[name], right[name]) for name in left)
