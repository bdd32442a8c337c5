"""The right class for a task: load a checkpoint with the head that a task needs, and see which weights it lacks."""

from __future__ import annotations

import transformers
from transformers import PreTrainedModel


def auto_class(task: str) -> type:
    """Return the Auto class that loads any checkpoint for a task.

    The tasks, and what their models do:

        features               states of tokens, no head
        text-classification    a label for a whole text
        token-classification   a label for each token
        question-answering     the start and the end of an answer in a text
        fill-mask              the word behind a mask, from both sides (encoders such as BERT)
        text-generation        the next token, from the left alone (decoders such as GPT-2)
        text2text-generation   a new text for a text (encoder and decoder, such as mT5)

    Shapes:  none.
    Errors:  `ValueError` if the task is none of these.
    Effects: none; no checkpoint is loaded.
    Source:  https://huggingface.co/docs/transformers/model_doc/auto
    """
    # TODO 1: the class of each task (about 9 lines).
    classes = {
        "features": transformers.AutoModel,
        "text-classification": transformers.AutoModelForSequenceClassification,
        "token-classification": transformers.AutoModelForTokenClassification,
        "question-answering": transformers.AutoModelForQuestionAnswering,
        "fill-mask": transformers.AutoModelForMaskedLM,
        "text-generation": transformers.AutoModelForCausalLM,
        "text2text-generation": transformers.AutoModelForSeq2SeqLM,
    }
    # TODO 2: reject any other task (about 2 lines).
    if task not in classes:
        raise ValueError(f"no class for the task {task!r}")
    # TODO 3: the class of this task (1 line).
    return classes[task]


def load(task: str, checkpoint: str, labels: int | None = None) -> PreTrainedModel:
    """Return the checkpoint as a model for the task, with all the weights that it has for it.

    `labels` is the number of labels that the head shall have; None leaves it to the checkpoint. A head of the
    checkpoint that has another number of labels does not fit: the model gets a new one of the right size. Where the
    checkpoint has no head for the task, the model gets a new one, too. All else stays as the checkpoint says: names of
    labels, dtype, evaluation mode.

    Shapes:  none.
    Errors:  `ValueError` if `auto_class` does not know the task.
    Effects: none.
    Source:  https://huggingface.co/docs/transformers/main_classes/model (from_pretrained)
    """
    # TODO 4: load it; mind a number of labels, and a head that does not fit (about 2 lines).
    options = {} if labels is None else {"num_labels": labels}
    return auto_class(task).from_pretrained(checkpoint, ignore_mismatched_sizes=True, **options)


def fresh_weights(task: str, checkpoint: str, labels: int | None = None) -> set[str]:
    """Return the names of the weights of `load(task, checkpoint, labels)` that do not come from the checkpoint.

    These are drawn at random: a model that has any gives predictions that mean nothing before it is trained. Names are
    those of `model.state_dict()`, such as "classifier.weight". A weight is fresh if the checkpoint lacks it, and also
    if the checkpoint has it in another size. Weights of the checkpoint that the model has no use for are not fresh.

    Shapes:  none; the set is empty if the checkpoint has all that the model needs.
    Errors:  `ValueError` if `auto_class` does not know the task.
    Effects: none.
    Source:  https://huggingface.co/docs/transformers/main_classes/model (output_loading_info)
    """
    # TODO 5: load it, and keep the report of what was loaded (about 4 lines).
    options = {} if labels is None else {"num_labels": labels}
    _, report = auto_class(task).from_pretrained(
        checkpoint, ignore_mismatched_sizes=True, output_loading_info=True, **options
    )
    # TODO 6: the names of the weights that are new (about 1 line).
    return set(report["missing_keys"]) | {name for name, *_ in report["mismatched_keys"]}
