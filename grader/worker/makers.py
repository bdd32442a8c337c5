"""The objects that a suite can ask a worker to make: models, tokenizers, encodings, generators.

A suite names a maker and its options (`wire.Made`); `Maker` makes the object and keeps it, and each call gets a copy of
its own, so that nothing a call does to it reaches the next. For another kind of object, add a function to `MAKERS`.
"""

from __future__ import annotations

import copy
import hashlib
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    AutoConfig,
    AutoTokenizer,
    BatchEncoding,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from grader import wire
from grader.checkpoints import variants
from grader.worker import devices, planted
from grader.worker.pretend import on_machine, planted_far
from grader.worker.values import to_objects


def twin(name: str, head: str | None = None, **options: Any) -> PreTrainedModel:
    """A checkpoint's architecture with weights drawn from `seed` (see `checkpoints.variants.variant`).

    Where real models are asked for, the one of this name, and only a head that it lacks is drawn.
    """
    make = variants.real if os.environ.get("GRADER_CHECKPOINTS") == "hub" else variants.variant
    return make(name, head, **options)


def tokenizer(name: str, **options: Any) -> PreTrainedTokenizerBase:
    """The tokenizer of a checkpoint."""
    return AutoTokenizer.from_pretrained(name, **options)


def config(name: str, **values: Any) -> PreTrainedConfig:
    """The configuration of a checkpoint, some of its values replaced."""
    made: PreTrainedConfig = AutoConfig.from_pretrained(name, **values)
    return made


def altered(
    model: PreTrainedModel,
    frozen: list[str] | None = None,
    cast: dict[str, str] | None = None,
    renamed: dict[str, str] | None = None,
) -> PreTrainedModel:
    """A model with some modules frozen, some cast to another dtype and some renamed, by their names; "" is all of it.

    A model with a renamed module no longer runs: it is there for its weights. Their order stays if it is the last one.
    """
    for old, new in (renamed or {}).items():
        model.add_module(new, model.get_submodule(old))
        delattr(model, old)
    for name in frozen or []:
        model.get_submodule(name).requires_grad_(False)
    for name, dtype in (cast or {}).items():
        model.get_submodule(name).to(getattr(torch, dtype))
    return model


def encoding(
    tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None = None, **options: Any
) -> Any:
    """A padded batch, as the tokenizer returns it."""
    return tokenizer(texts, pairs, **{"padding": True, "truncation": True, "return_tensors": "pt"} | options)


def batch(**tensors: torch.Tensor) -> BatchEncoding:
    """A batch of chosen ids, in the form that a tokenizer returns."""
    return BatchEncoding(tensors)


def with_entries(encoding: BatchEncoding, **entries: Any) -> BatchEncoding:
    """An encoding with further entries, which need not be tensors."""
    encoding.update(entries)
    return encoding


def moved(thing: Any, device: str, keys: list[str] | None = None) -> Any:
    """A model or an encoding on `device`; of an encoding, only the entries `keys` where they are given."""
    if keys is None:
        return thing.to(device)
    for key in keys:
        thing[key] = thing[key].to(device)
    return thing


def spread(model: PreTrainedModel, device: str) -> PreTrainedModel:
    """A model as `device_map` leaves it: its first part on `device`, the others brought there as they are needed."""
    from accelerate import dispatch_model  # type: ignore[import-untyped]  # imported by the few calls that need it

    first, *others = (name for name, _ in model.named_children())
    main = 0 if device == "cuda" else device  # as device_map="auto" names the first GPU
    device_map = {first: main} | dict.fromkeys(others, "cpu")
    made: PreTrainedModel = dispatch_model(model, device_map, main_device=main, force_hooks=True)
    return made


def nudged(model: PreTrainedModel, seed: int, by: float) -> PreTrainedModel:
    """`model`, one of its weights off by `by`: a drawn one, of a drawn parameter other than the first."""
    draw = np.random.default_rng(seed)
    parameters = list(model.parameters())
    chosen = parameters[int(draw.integers(1, len(parameters)))].detach()
    chosen.view(-1)[int(draw.integers(chosen.numel()))] += by
    return model


def generating(model: PreTrainedModel, **settings: Any) -> PreTrainedModel:
    """`model` with settings of its own for `generate`, such as `do_sample`."""
    for name, value in settings.items():
        setattr(model.generation_config, name, value)
    return model


def swapped(model: PreTrainedModel) -> PreTrainedModel:
    """`model`, two numbers of its last parameter exchanged: the smallest and the largest."""
    numbers = list(model.parameters())[-1].detach().view(-1)
    places = [int(numbers.argmin()), int(numbers.argmax())]
    numbers[places] = numbers[places[::-1]].clone()
    return model


def with_weights_of(model: PreTrainedModel, other: PreTrainedModel) -> PreTrainedModel:
    """`model`, with the weights of `other` under each name that both have, where the shapes are the same."""
    own = model.state_dict()
    shared = {
        name: weight for name, weight in other.state_dict().items() if name in own and own[name].shape == weight.shape
    }
    model.load_state_dict(shared, strict=False)
    return model


def generator(seed: int) -> torch.Generator:
    """A seeded torch generator."""
    return torch.Generator().manual_seed(seed)


def planted_classifier(
    tokenizer: PreTrainedTokenizerBase, rows: dict[str, torch.Tensor], labels: dict[int, str]
) -> PreTrainedModel:
    """`rows` gives each text its logits (labels,)."""
    return planted.PlantedClassifier(
        {tuple(tokenizer(text)["input_ids"]): row.numpy() for text, row in rows.items()}, labels
    )


def planted_witness(
    tokenizer: PreTrainedTokenizerBase, rows: dict[str, torch.Tensor], labels: dict[int, str]
) -> PreTrainedModel:
    """A planted classifier that notices a result with its graph."""
    return planted.PlantedWitness(
        {tuple(tokenizer(text)["input_ids"]): row.numpy() for text, row in rows.items()}, labels
    )


def planted_tagger(
    tokenizer: PreTrainedTokenizerBase, labels: dict[int, str], seed: int, outside: str = "O"
) -> PreTrainedModel:
    """Labels drawn for each token; special tokens are never `outside`."""
    return planted.PlantedTagger(labels, outside, seed, tokenizer.all_special_ids)


def planted_spans(
    tokenizer: PreTrainedTokenizerBase,
    seed: int,
    starts: dict[str, float],
    ends: dict[str, float],
    null: float | tuple[float, float] = -9.0,
    nulls: dict[str, float | tuple[float, float]] | None = None,
) -> PreTrainedModel:
    """A QA model: low drawn logits, but `starts` and `ends` give the pieces of these words their own.

    The first piece of a word gets its start logit, the last piece its end logit, at every place; the first token of a
    row, [CLS], gets the logit of the first word of `nulls` that the row holds, else `null`: one for both, or a pair.
    """
    nulls = nulls or {}
    pieces = {word: tokenizer(word, add_special_tokens=False)["input_ids"] for word in {**starts, **ends, **nulls}}
    first = {pieces[word][0]: logit for word, logit in starts.items()}
    last = {pieces[word][-1]: logit for word, logit in ends.items()}
    return planted.PlantedSpans(first, last, null, {pieces[word][0]: logit for word, logit in nulls.items()}, seed)


def planted_next_token(table: torch.Tensor, eos: int | None = None) -> PreTrainedModel:
    """`table` (vocab, vocab) holds the logits of the next token for each current one."""
    return planted.PlantedNextToken(table, eos)


class Folder(str):
    """The path of a folder, made anew for each call; after the call its content is described, and it is removed."""

    __slots__ = ()

    def remove(self) -> None:
        """Remove the folder and what is in it: a worker has room for a few models, not for those of every call."""
        shutil.rmtree(Path(self).parent, ignore_errors=True)


def folder(
    name: str = "my_model",
    model: PreTrainedModel | None = None,
    tokenizer: PreTrainedTokenizerBase | None = None,
) -> Folder:
    """An empty folder, or one with a saved model and tokenizer, under a folder of its own."""
    path = Path(tempfile.mkdtemp()) / name
    path.mkdir()
    for thing in filter(None, (model, tokenizer)):
        thing.save_pretrained(path)  # type: ignore[no-untyped-call]
    return Folder(path)


MAKERS: dict[str, Callable[..., Any]] = {
    maker.__name__: maker
    for maker in (
        twin,
        tokenizer,
        config,
        encoding,
        altered,
        batch,
        generating,
        generator,
        nudged,
        swapped,
        with_weights_of,
        moved,
        spread,
        with_entries,
        planted_far,
        on_machine,
        folder,
        planted_classifier,
        planted_witness,
        planted_tagger,
        planted_next_token,
        planted_spans,
    )
}


ANEW = ("folder", "spread")  # made for each call: a copy would share what is outside of it, a path or hooks


def _key(made: wire.Made) -> bytes:
    """Return what tells `made` from others and says nothing of how it is made: student code can find it."""
    return hashlib.sha256(wire.encode(made)).digest()


def _pickled(thing: Any) -> bytes | None:
    try:
        return pickle.dumps(thing)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def _is_tokenizer(thing: Any) -> bool:
    return isinstance(thing, PreTrainedTokenizerBase)


class Maker:
    """Makes what suites ask for, and hands out copies; what calls in a row share is made once.

    `device` is where calls get them.

    Everything is made on the CPU first, so that the same thing has the same numbers wherever it goes.
    """

    def __init__(self, device: str = "cpu") -> None:
        self.device = device
        self._kept: dict[bytes, tuple[Any, bytes | None]] = {}
        self._used: set[bytes] = set()
        self._pristine: dict[tuple[bytes, str], Any] = {}
        self._attention: str | None = None

    def use_attention(self, implementation: str | None) -> None:
        """Make every twin with this attention implementation from now on (to measure the noise floor)."""
        self._attention = implementation
        self._kept.clear()
        self._pristine.clear()

    def hand_over(self, made: wire.Made, device: str) -> Any:
        """Return a fresh copy of the object that `made` describes, on `device` unless the suite says where it is."""
        thing = self.make(made)
        return thing if devices.is_placed(made) else devices.place(thing, device)

    @contextmanager
    def only_for_this_call(self) -> Iterator[None]:
        """Forget, at the end of the block, what earlier calls were given and this one is not.

        Tokenizers stay: making one takes long, and what of them is drawn is worth nothing to another call.
        """
        self._used = set()
        yield
        self._kept = {key: kept for key, kept in self._kept.items() if key in self._used or _is_tokenizer(kept[0])}
        self._pristine = {key: kept for key, kept in self._pristine.items() if key[0] in self._used}

    def make(self, made: wire.Made) -> Any:
        """Return a fresh copy of the object that `made` describes. Errors: `KeyError` for an unknown maker."""
        if made.maker in ANEW:
            return self._new(made)
        original, pickled = self._keep(made)
        # Our own object, pickled here, takes half the time of a deep copy; some hooks of transformers do not pickle.
        copied = copy.deepcopy(original) if pickled is None else pickle.loads(pickled)
        if isinstance(original, BatchEncoding):
            copied._n_sequences = original.n_sequences  # which transformers leaves out of a copy
        return copied

    def pristine(self, made: wire.Made, device: str) -> Any:
        """Return what `hand_over` returns, but always the same one; it must not be changed."""
        if made.maker not in ANEW and (device == "cpu" or devices.is_placed(made)):
            return self._keep(made)[0]
        key = _key(made), device
        self._used.add(key[0])
        if key not in self._pristine:
            self._pristine[key] = self.hand_over(made, device)
        return self._pristine[key]

    def _keep(self, made: wire.Made) -> tuple[Any, bytes | None]:
        key = _key(made)
        self._used.add(key)
        if key not in self._kept:
            thing = self._new(made)
            self._kept[key] = thing, _pickled(thing)
        return self._kept[key]

    def _new(self, made: wire.Made) -> Any:
        options = {name: to_objects(option, self.make) for name, option in made.options.items()}
        train = options.pop("train", False)
        if made.maker == "twin" and self._attention:
            options["attention"] = self._attention
        if made.maker == "spread":
            options["device"] = self.device
        thing = MAKERS[made.maker](**options)
        if isinstance(thing, PreTrainedModel):
            thing.train(bool(train))
        return thing
