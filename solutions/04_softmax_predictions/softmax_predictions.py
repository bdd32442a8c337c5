"""From logits to labels: turn what a classifier returns into probabilities, then into labels with a score."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def probabilities(logits: Float[Tensor, "batch labels"], multi_label: bool = False) -> Float[Tensor, "batch labels"]:
    """Return the probability of each label in each row.

    With one label per text (`multi_label` false) the labels of a row compete: their probabilities sum to 1. With
    several labels per text each label stands alone: its probability depends on its own logit only.

    Shapes:  batch rows, one column per label; the result has the shape of `logits`.
    Errors:  none; logits of ±1000 give finite probabilities.
    Effects: none; `logits` is left unchanged.
    Source:  https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
    """
    # TODO 1: the labels of each row compete, unless `multi_label` (about 3 lines).
    if multi_label:
        return logits.sigmoid()
    return logits.softmax(dim=-1)


def predict(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: list[str],
    threshold: float = 0.5,
) -> list[dict[str, str | float]]:
    """Return the label and the score of each text, in order: `{"label": "POSITIVE", "score": 0.98}`.

    With two or more labels, the label is the likeliest one, by its name in `model.config.id2label`, and the score its
    probability. A model with a single label answers yes or no: its probability stands alone, as with `multi_label`;
    the label is the name of label 0 where the probability is at least `threshold` and "NONE" elsewhere, and the score
    is that probability.

    Each text fits into the model, which can arrive in training mode; a prediction uses no dropout and needs no
    gradients.

    Shapes:  one dict per text.
    Units:   scores are probabilities, from 0 to 1, as Python floats.
    Errors:  none.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/main_classes/configuration (id2label)
    """
    # TODO 2: evaluation mode; encode all texts as one padded batch; the logits, without gradients (about 4 lines).
    model.eval()
    encoded = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**encoded).logits
    # TODO 3: the probabilities of each text (about 1 line; mind a model with a single label).
    rows = probabilities(logits, multi_label=logits.shape[-1] == 1)
    # TODO 4: the likeliest label of each row and its name, or the threshold for a single label (about 8 lines).
    results: list[dict[str, str | float]] = []
    for row in rows:
        best = int(row.argmax())
        score = float(row[best])
        label = model.config.id2label[best]
        if len(row) == 1 and score < threshold:
            label = "NONE"
        results.append({"label": label, "score": score})
    return results
