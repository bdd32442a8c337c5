"""Calibration: what makes a drawn model decisive. A sample of the corpus passes through the model once, in float64,
and each module that decides is centred or standardised on the way.

Without it, what every input has in common outweighs what tells inputs apart: one class takes all. Drawing is in
`weights`; nothing here is random.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import PreTrainedModel

from .recipe import Recipe, corpus, find_recipe
from .vocabularies import backend
from .weights import Array, as_tensor

OUTSIDE = "O"
NEVER = -20.0
"""The bias that keeps special tokens and fillers out of what a masked model predicts."""

INNER_NORMS = ("cls.predictions.transform.LayerNorm", "lm_head.layer_norm", "vocab_layer_norm")
INNER_LAYERS = ("pooler.dense", "pre_classifier", "classifier.dense", "classification_head.dense")
NEXT_SENTENCE = ("cls.seq_relationship",)
SENTENCE_HEADS = ("classifier.out_proj", "classification_head.out_proj", "score", "classifier")
TOKEN_HEADS = {"token-classification": ("classifier",), "question-answering": ("qa_outputs",)}
VOCABULARY_HEADS = ("cls.predictions", "lm_head", "vocab_projector")
BALANCING_STEPS = 12

Hook = Callable[[nn.Module, tuple[Tensor, ...], Tensor], Tensor]


@dataclass(frozen=True)
class Sample:
    """Padded rows of the corpus. Shapes: all [batch, seq]; `mask` is true on tokens, `specials` on special ones."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    specials: NDArray[np.int64]


@lru_cache
def sample(name: str, rows: int | None) -> Sample:
    """Return `rows` sentences, spread evenly over the corpus; all of them for None."""
    # Both languages, whatever the vocabulary knows: whoever draws inputs draws them from the whole corpus.
    recipe, sentences = find_recipe(name), corpus()
    if rows is not None and rows < len(sentences):
        sentences = tuple(sentences[row * len(sentences) // rows] for row in range(rows))
    encodings = backend(name).encode_batch(list(sentences))
    width = max(len(encoding.ids) for encoding in encodings)
    pad = recipe.tokens.ids[recipe.tokens.roles.get("pad") or recipe.tokens.roles["eos"]]

    def padded(columns: Sequence[Sequence[int]], filler: int) -> NDArray[np.int64]:
        return np.array([[*column, *[filler] * (width - len(column))] for column in columns])

    return Sample(
        ids=padded([encoding.ids for encoding in encodings], pad),
        mask=padded([encoding.attention_mask for encoding in encodings], 0),
        specials=padded([encoding.special_tokens_mask for encoding in encodings], 1),
    )


def calibrate(model: PreTrainedModel, recipe: Recipe, head: str, rows: int | None) -> None:
    """Centre and standardise a float64 model in place, on at most `rows` rows of the corpus.

    The last norm of the body and the layer before a sentence head get mean 0. The logits of a task head get the
    standard deviation `gains["logits"]` and balanced classes; half of the tokens are `O` where there is such a label.
    """
    config: Any = model.config
    seen = sample(recipe.name, rows)
    # RoBERTa counts positions from behind the padding id, so its last two are never reached.
    width = min(seen.ids.shape[1], getattr(config, "max_position_embeddings", seen.ids.shape[1] + 2) - 2)
    ids = torch.from_numpy(seen.ids[:, :width] % config.vocab_size)
    mask = torch.from_numpy(seen.mask[:, :width])
    words = mask.bool() & ~torch.from_numpy(seen.specials[:, :width]).bool()
    ends = torch.zeros_like(words)
    ends[torch.arange(len(ends)), mask.sum(1) - 1] = True
    inputs = {"input_ids": ids, "attention_mask": mask}
    if config.is_encoder_decoder and head in ("base", "seq2seq-lm"):
        inputs["decoder_input_ids"] = ids.roll(1, dims=0)

    of_body = [module for module in model.base_model.modules() if isinstance(module, nn.LayerNorm)]
    norms: list[nn.Module] = [*of_body[-1:], *_present(model, INNER_NORMS)]
    inner = dict.fromkeys([*_present(model, INNER_LAYERS), *_present(model.base_model, INNER_LAYERS)])
    heads: list[tuple[nn.Module, Tensor]] = [(module, ends) for module in _present(model, NEXT_SENTENCE)]
    if head == "sequence-classification":
        heads += [(_present(model, SENTENCE_HEADS)[0], ends)]
    if head in TOKEN_HEADS:
        heads += [(module, words) for module in _present(model, TOKEN_HEADS[head])]
    labels = [config.id2label[id] for id in range(config.num_labels)] if head == "token-classification" else []
    outside = labels.index(OUTSIDE) if OUTSIDE in labels else None

    hooks: list[tuple[nn.Module, Hook]] = [(norm, _centring(mask.bool())) for norm in norms]
    hooks += [(layer, _centring(None)) for layer in inner]
    hooks += [(module, _standardising(recipe.gains["logits"], tokens, outside)) for module, tokens in heads]
    handles = [module.register_forward_hook(hook) for module, hook in hooks]
    with torch.no_grad():
        for module in _present(model, VOCABULARY_HEADS):
            _forbid_specials(module, recipe)
        if hooks:
            model(**inputs)
    for handle in handles:
        handle.remove()


def _centring(tokens: Tensor | None) -> Hook:
    """Return a hook that moves the bias of a module so that its outputs have mean 0 over the tokens, or the rows."""

    def hook(module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        seen = output if tokens is None else output[tokens]
        shift = as_tensor(-seen.mean(dim=0).numpy())
        module.get_parameter("bias").data += shift
        return output + shift

    return hook


def _standardising(spread: float, tokens: Tensor, outside: int | None) -> Hook:
    """Return a hook that sets a head so that its logits have this standard deviation and its classes are balanced.

    `tokens` chooses the rows where the head sees tokens; a head that sees sentences is fitted on all of its rows.
    """

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor) -> Tensor:
        (features,) = inputs
        seen = (features[tokens] if features.dim() == 3 else features).numpy()
        mean = seen.mean(axis=0)
        weight, bias = module.get_parameter("weight"), module.bias
        matrix = weight.detach().numpy()
        if bias is None:
            # GPT-2 scores sentences without a bias: what all of them have in common must not reach the logits.
            matrix = matrix - np.outer(matrix @ mean, mean) / (mean @ mean)
        matrix = matrix * (spread / (seen @ matrix.T).std(axis=0))[:, None]
        weight.data = as_tensor(matrix)
        if isinstance(bias, nn.Parameter):
            bias.data = as_tensor(_balance((seen - mean) @ matrix.T, outside) - matrix @ mean)
        return nn.functional.linear(features, weight, bias if isinstance(bias, nn.Parameter) else None)

    return hook


def _balance(logits: Array, outside: int | None) -> Array:
    """Return what to add to each class so that all are predicted about equally often, `outside` half of the time.

    Shapes: logits [rows, labels] of mean 0, result [labels].
    """
    labels = logits.shape[1]
    shares = np.full(labels, 1 / labels)
    if outside is not None and labels > 1:
        shares[:] = 0.5 / (labels - 1)
        shares[outside] = 0.5
    offsets = np.zeros(labels)
    for _ in range(BALANCING_STEPS):
        powers = np.exp(logits + offsets)
        offsets += np.log(shares / (powers / powers.sum(axis=1, keepdims=True)).mean(axis=0))
    if outside is not None and labels > 1:
        others = np.delete(logits + offsets, outside, axis=1).max(axis=1)
        offsets[outside] = np.median(others - logits[:, outside])
    return offsets


def _forbid_specials(head: nn.Module, recipe: Recipe) -> None:
    """Keep special tokens and fillers from being predicted, where the head has a bias per token."""
    bias = head.bias
    if isinstance(bias, nn.Parameter):
        vocabulary = backend(recipe.name).get_vocab()
        ids = [*recipe.tokens.ids.values(), *(id for piece, id in vocabulary.items() if piece.startswith("[unused"))]
        bias.data[[id for id in ids if id < len(bias)]] = NEVER


def _present(model: nn.Module, paths: Sequence[str]) -> list[nn.Module]:
    """Return the modules that the model has at these paths, in their order."""
    modules = dict(model.named_modules())
    return [modules[path] for path in paths if path in modules]
