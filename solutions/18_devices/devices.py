"""Devices: write code that runs unchanged on a CPU and on a GPU, wherever the model is."""

from __future__ import annotations

import torch
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def pick_device(prefer: str | None = None) -> torch.device:
    """Return the device to work on: `prefer` where the machine has it, otherwise the best that there is.

    The best is the CUDA device where torch finds one, and the CPU elsewhere. `prefer` is a name that torch knows:
    "cpu", "cuda", "cuda:1", "meta". Without a CUDA device in the machine, the CPU takes the place of "cuda" and of
    "cuda:1"; every other name is taken as it is, and whether there are two CUDA devices need not be checked. Ask torch
    at each call, not once when the module is imported, and put nothing on the device to try it.

    Errors:  none for the names above.
    Effects: none.
    Source:  https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.device
    """
    # TODO 1: the best device of this machine (about 1 line).
    best = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    # TODO 2: the preferred device instead, where there is a preference that the machine can fulfil (about 6 lines).
    if prefer is None:
        return best
    wanted = torch.device(prefer)
    if wanted.type == "cuda" and best.type != "cuda":
        return best
    return wanted


def move(enc: BatchEncoding, model: PreTrainedModel) -> BatchEncoding:
    """Return `enc` with each of its tensors on the device of `model`.

    It is still a `BatchEncoding`, with the methods that know the tokens, such as `word_ids()`. Tensors keep their
    dtype, and entries that are no tensors, such as a list of texts, stay as they are. (The lesson writes
    `{k: v.to(device) for k, v in inputs.items()}`: that is a plain dict, without those methods, and it fails at the
    first entry that is no tensor.)

    Shapes:  as they were.
    Errors:  none.
    Effects: `enc` itself may be moved; the model stays where it is.
    Source:  https://huggingface.co/docs/transformers/main_classes/tokenizer (BatchEncoding.to)
    """
    # TODO 3: ask the model where it is (about 1 line).
    device = model.device
    # TODO 4: the encoding, moved there (about 1 line).
    return enc.to(device)


def predict_on(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> list[int]:
    """Return the id of the likeliest label of each text, computed on the device where `model` is.

    A model that comes in training mode predicts without dropout, and a text that is longer than the tokenizer's
    maximum is cut there.

    Shapes:  one id per text, in the order of `texts`, which are one or more.
    Units:   ids as Python integers: whoever gets them need not know where the model was.
    Errors:  none.
    Effects: may put the model in evaluation mode; otherwise it stays as it is, and where it is.
    """
    # TODO 5: encode the texts as one padded and truncated batch, and move it to the model (about 2 lines).
    enc = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    enc = move(enc, model)
    # TODO 6: the logits, in evaluation mode and without gradients (about 3 lines).
    model.eval()
    with torch.no_grad():
        logits = model(**enc).logits
    # TODO 7: the likeliest label of each row, as Python integers (about 1 line).
    return logits.argmax(dim=-1).tolist()
