"""Models made in memory: a recipe's family with another seed, other labels or sizes, and any head.

Public checkpoints are made by the same `create`. No file is read but the recipes and the corpus, and the global state
of torch's and numpy's random numbers is left as it was. Not for several threads at once: transformers switches its
initialisation off for the whole process while a model is constructed.
"""

from collections.abc import Mapping
from typing import Any

import torch
import transformers
from transformers import AutoConfig, PreTrainedConfig, PreTrainedModel
from transformers.initialization import no_init_weights

from .calibration import calibrate
from .recipe import Recipe, find_recipe
from .weights import draw

AUTO_CLASSES: Mapping[str, Any] = {
    "base": transformers.AutoModel,
    "sequence-classification": transformers.AutoModelForSequenceClassification,
    "token-classification": transformers.AutoModelForTokenClassification,
    "question-answering": transformers.AutoModelForQuestionAnswering,
    "causal-lm": transformers.AutoModelForCausalLM,
    "masked-lm": transformers.AutoModelForMaskedLM,
    "seq2seq-lm": transformers.AutoModelForSeq2SeqLM,
}
ENDINGS = {
    "sequence-classification": "ForSequenceClassification",
    "token-classification": "ForTokenClassification",
    "question-answering": "ForQuestionAnswering",
    "masked-lm": "ForMaskedLM",
    "causal-lm": "LMHeadModel",
    "seq2seq-lm": "ForConditionalGeneration",
}
OWN_WORDS = {
    "distilbert": {"intermediate_size": "hidden_dim"},
    "gpt2": {"intermediate_size": "n_inner"},
    "mt5": {"intermediate_size": "d_ff"},
}
"""What families call a size, beside what their config classes translate themselves."""

VARIANT_ROWS = 24


def variant(
    name: str,
    head: str | None = None,
    seed: int = 0,
    labels: Mapping[int, str] | None = None,
    train: bool = False,
    attention: str | None = None,
    **config: Any,
) -> PreTrainedModel:
    """Return a model of a recipe's family, drawn and calibrated, the same for the same arguments.

    `name` is a public name or alias; `head` one of `AUTO_CLASSES` (None is "base"). `labels` is an `id2label` in any
    order; without it, a recipe's own labels under its own head, else `num_labels=2`. `attention` is "eager" or "sdpa";
    `config` takes values by the names of BERT or of the family itself (`num_hidden_layers=3`). The body of a
    (name, seed) is the same under every head.

    Dtype:   float32, on the CPU; eval mode unless `train`.
    Errors:  `KeyError` for an unknown name; `ValueError` for an unknown head, one that the family lacks, or labels
             whose keys are not 0 to n-1; `TypeError` for a config value that the family does not have.
    Effects: none; random number generators keep their state.
    """
    recipe = find_recipe(name)
    kind = head or "base"
    if kind not in AUTO_CLASSES:
        raise ValueError(f"no head {head!r}; there are: {', '.join(AUTO_CLASSES)}")
    values = _own_words(recipe, config)
    values |= _labels(recipe, kind, labels, values)
    if recipe.family == "gpt2" and kind == "sequence-classification":
        # Without a padding id GPT-2 refuses a batch; its tokenizer has none, so the lesson's choice: end of text.
        values.setdefault("pad_token_id", recipe.config["eos_token_id"])
    made = recipe_config(recipe, **values)
    classes = AUTO_CLASSES[kind]._model_mapping
    if type(made) not in classes:
        raise ValueError(f"{recipe.family} has no {kind} head")
    return create(classes[type(made)], made, recipe, kind, seed, VARIANT_ROWS, train, attention)


def real(
    name: str,
    head: str | None = None,
    seed: int = 0,
    labels: Mapping[int, str] | None = None,
    train: bool = False,
    attention: str | None = None,
    **config: Any,
) -> PreTrainedModel:
    """Return the model that is loaded under this name, in the place of a drawn one: with the hub's weights.

    The arguments are those of `variant`. Weights that the file lacks, such as a fresh head, are drawn from `seed`.
    """
    kind = head or "base"
    if kind not in AUTO_CLASSES:
        raise ValueError(f"no head {head!r}; there are: {', '.join(AUTO_CLASSES)}")
    values = _own_words(find_recipe(name), config) | (label_maps(labels) if labels else {})
    with torch.inference_mode(False), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: Any = AUTO_CLASSES[kind].from_pretrained(
            name, attn_implementation=attention, dtype=torch.float32, ignore_mismatched_sizes=True, **values
        )
    if kind == "sequence-classification" and model.config.pad_token_id is None:
        model.config.pad_token_id = model.config.eos_token_id  # as `variant` does: GPT-2 refuses a batch without it
    made: PreTrainedModel = model.train(train)
    return made


def create(
    model_class: Any,
    config: PreTrainedConfig,
    recipe: Recipe,
    head: str,
    seed: int,
    rows: int | None,
    train: bool = False,
    attention: str | None = None,
) -> PreTrainedModel:
    """Return a model of this class, its weights drawn from the seed and calibrated on `rows` rows (None: all)."""
    # A caller may be inside inference_mode, whose tensors can never be trained or changed afterwards.
    with torch.inference_mode(False), torch.no_grad():
        with no_init_weights():
            model: Any = model_class._from_config(config, attn_implementation=attention)
        model.tie_weights()
        model.eval()
        draw(model, seed, recipe.name, recipe.gains)
        calibrate(model, recipe, head, rows)
        model.float()
    made: PreTrainedModel = model.train(train)
    return made


def recipe_config(recipe: Recipe, **overrides: Any) -> PreTrainedConfig:
    """Return the configuration of a recipe, some of its values replaced; labels are added by the callers."""
    values = {"vocab_size": recipe.tokens.vocab_size, **recipe.config, **overrides}
    # A smaller vocabulary ends before the special tokens that stand last in the recipe's own.
    for key in ("bos_token_id", "eos_token_id", "pad_token_id"):
        if isinstance(values.get(key), int):
            values[key] = min(values[key], values["vocab_size"] - 1)
    return AutoConfig.for_model(recipe.family, **values)


def label_maps(labels: Mapping[int, str]) -> dict[str, Any]:
    """Return `id2label` and `label2id` as a config takes them, in the order of `labels`."""
    return {"id2label": dict(labels), "label2id": {label: id for id, label in labels.items()}}


def head_of(recipe: Recipe) -> str:
    """Return the key of `AUTO_CLASSES` for the class that the recipe's `config.json` names."""
    return next((head for head, ending in ENDINGS.items() if recipe.architecture.endswith(ending)), "base")


def _own_words(recipe: Recipe, overrides: Mapping[str, Any]) -> dict[str, Any]:
    known = recipe_config(recipe)
    words = {**known.attribute_map, **OWN_WORDS.get(recipe.family, {})}
    for key in overrides:
        if not hasattr(known, words.get(key, key)):
            raise TypeError(f"{recipe.family} has no config value {key!r}")
    return {words.get(key, key): value for key, value in overrides.items()}


def _labels(recipe: Recipe, head: str, labels: Mapping[int, str] | None, values: Mapping[str, Any]) -> dict[str, Any]:
    if labels is None:
        own = recipe.labels and head == head_of(recipe) and not {"num_labels", "id2label"} & values.keys()
        return label_maps(dict(enumerate(recipe.labels))) if own else {}
    if sorted(labels) != list(range(len(labels))):
        raise ValueError(f"labels must have the keys 0 to {len(labels) - 1}, not {sorted(labels)}")
    return label_maps(labels)
