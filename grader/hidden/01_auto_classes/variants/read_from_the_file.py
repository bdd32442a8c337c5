"""A chain of conditions; fresh is what the file of the checkpoint has not, name and size; tied weights count once."""

from safetensors import safe_open
from transformers.utils import cached_file


def auto_class(task):
    if task == "features":
        return transformers.AutoModel
    if task in ("text-classification", "token-classification"):
        whole = task.startswith("text")
        return (transformers.AutoModelForTokenClassification, transformers.AutoModelForSequenceClassification)[whole]
    if task == "question-answering":
        return transformers.AutoModelForQuestionAnswering
    if task == "fill-mask":
        return transformers.AutoModelForMaskedLM
    if task == "text-generation":
        return transformers.AutoModelForCausalLM
    if task == "text2text-generation":
        return transformers.AutoModelForSeq2SeqLM
    raise ValueError("unknown task")


def load(task, checkpoint, labels=None):
    known = auto_class(task)
    if labels is None:
        return known.from_pretrained(checkpoint).eval()
    return known.from_pretrained(checkpoint, num_labels=labels, ignore_mismatched_sizes=True)


def fresh_weights(task, checkpoint, labels=None):
    model = load(task, checkpoint, labels)
    prefix = model.base_model_prefix + "."
    with safe_open(cached_file(checkpoint, "model.safetensors"), framework="pt") as file:
        stored = {name.removeprefix(prefix): tuple(file.get_slice(name).get_shape()) for name in file.keys()}
    names, sizes = {}, {}
    for name, weight in model.named_parameters(remove_duplicate=False):
        names.setdefault(id(weight), []).append(name)
        sizes[id(weight)] = tuple(weight.shape)
    return {
        tied[0]
        for key, tied in names.items()
        if all(stored.get(name.removeprefix(prefix)) != sizes[key] for name in tied)
    }
