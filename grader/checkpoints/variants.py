"""Models made in memory: a recipe's family with another seed, other labels or sizes, and any head.

Public checkpoints are made by the same `create`. No file is read but the recipes and the corpus, and the global state
of torch's and numpy's random numbers is left as it was.
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

AUTO_CLASSES = {
    "base": transformers.AutoModel,
    "sequence-classification": transformers.AutoModelForSequenceClassification,
    "token-classification": transformers.AutoModelForTokenClassification,
    "question-answering": transformers.AutoModelForQuestionAnswering,
    "causal-lm": transformers.AutoModelForCausalLM,
    "masked-lm": transformers.AutoModelForMaskedLM,
    "seq2seq-lm": transformers.AutoModelForSeq2SeqLM,
}
LABELLED = ("sequence-classification", "token-classification")
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
    order; `attention` "eager" or "sdpa"; `config` takes sizes by the names of BERT or of the family itself
    (`num_hidden_layers=3`). The body of a (name, seed) is the same under every head.

    Dtype:   float32, on the CPU; eval mode unless `train`.
    Errors:  `KeyError` for an unknown name; `ValueError` for an unknown head, one that the family lacks, or labels
             whose keys are not 0 to n-1; `TypeError` for a config value that the family does not have.
    Effects: none; random number generators keep their state.
    """
    recipe = find_recipe(name)
    kind = head or "base"
    if kind not in AUTO_CLASSES:
        raise ValueError(f"no head {head!r}; there are: {', '.join(AUTO_CLASSES)}")
    made = _config(recipe, kind, labels, config)
    auto = AUTO_CLASSES[kind]
    if type(made) not in auto._model_mapping:
        raise ValueError(f"{recipe.family} has no {kind} head")
    return create(auto._model_mapping[type(made)], made, recipe, kind, seed, VARIANT_ROWS, train, attention)


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
            model: PreTrainedModel = model_class._from_config(config, attn_implementation=attention)
        model.tie_weights()
        model.eval()
        draw(model, seed, recipe.name, recipe.gains)
        calibrate(model, recipe, head, rows)
        model.float()
    return model.train(train)


def recipe_config(recipe: Recipe, **overrides: Any) -> PreTrainedConfig:
    """Return the configuration of a recipe, some of its values replaced; labels are added by the callers."""
    values = {**recipe.config, "vocab_size": recipe.tokens.vocab_size, **overrides}
    return AutoConfig.for_model(recipe.family, **values)


def _config(
    recipe: Recipe, head: str, labels: Mapping[int, str] | None, overrides: Mapping[str, Any]
) -> PreTrainedConfig:
    own = type(AutoConfig.for_model(recipe.family))
    words = {**own.attribute_map, **OWN_WORDS.get(recipe.family, {})}
    values = {words.get(key, key): value for key, value in overrides.items()}
    known = recipe_config(recipe)
    for key in values:
        if not hasattr(known, key):
            raise TypeError(f"{recipe.family} has no config value {key!r}")
    if labels is not None:
        if sorted(labels) != list(range(len(labels))):
            raise ValueError(f"labels must have the keys 0 to {len(labels) - 1}, not {sorted(labels)}")
        values |= {"id2label": dict(labels), "label2id": {label: id for id, label in labels.items()}}
    elif head in LABELLED and recipe.labels and head == _task(recipe) and "num_labels" not in values:
        values |= label_maps(recipe.labels)
    if recipe.family == "gpt2" and head == "sequence-classification":
        # Without a padding id GPT-2 refuses a batch; its tokenizer has none, so the lesson's choice: end of text.
        values.setdefault("pad_token_id", recipe.config["eos_token_id"])
    last = values.get("vocab_size", recipe.tokens.vocab_size) - 1
    for key in ("bos_token_id", "eos_token_id", "pad_token_id"):
        if (values.get(key, recipe.config.get(key)) or 0) > last:
            values[key] = last
    return recipe_config(recipe, **values)


def label_maps(labels: tuple[str, ...]) -> dict[str, Any]:
    """Return `id2label` and `label2id` as a config takes them."""
    return {"id2label": dict(enumerate(labels)), "label2id": {label: id for id, label in enumerate(labels)}}


def _task(recipe: Recipe) -> str | None:
    return next((head for head, ending in ENDINGS.items() if recipe.architecture.endswith(ending)), None)


ENDINGS = {
    "sequence-classification": "ForSequenceClassification",
    "token-classification": "ForTokenClassification",
    "question-answering": "ForQuestionAnswering",
    "masked-lm": "ForMaskedLM",
    "causal-lm": "LMHeadModel",
    "seq2seq-lm": "ForConditionalGeneration",
}
