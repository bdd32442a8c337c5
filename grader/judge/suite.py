"""What a hidden suite uses: assertions, the players behind the fixtures, and the objects it can hand to a function.

A suite is an ordinary pytest file. Its checks take the fixtures of `judge.runner`:

    student, reference   call a function by its name: `student.best_span(start, end, mask)`
    rng                  a numpy generator, seeded by the run's seed and the check
    models               models, tokenizers and encodings that a worker makes; seeds come from `rng`

Arrays are numpy here and torch there. A result is a plain value (see `grader.wire`). A check fails by raising, best of
all through the assertions below, which state a fact in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from grader import wire
from grader.judge.compare import ANY, Tolerance, difference, in_force
from grader.judge.facts import Fact, listed, show
from grader.judge.near import nearly
from grader.judge.subjects import Call, Outcome
from grader.report import CheckStatus

__all__ = ["ANY", "Models", "Player", "Unearned", "assert_agree", "assert_raises", "assert_same", "assert_that",
           "assert_unchanged", "listed"]  # fmt: skip


class Unearned(Exception):
    """The check did not pass: its status and the fact that says why."""

    def __init__(self, status: CheckStatus, fact: Fact | None = None, outcome: Outcome | None = None) -> None:
        super().__init__(status, fact)
        self.status, self.fact, self.outcome = status, fact, outcome


class Player:
    """The student or the reference, as a suite sees it. `last` is the outcome of the latest call."""

    def __init__(
        self,
        functions: Iterable[str],
        perform: Callable[[Call], Outcome],
        explain: Callable[[Call, Outcome], Exception],
        run_seed: int,
    ) -> None:
        self._functions, self._perform, self._explain, self._run_seed = set(functions), perform, explain, run_seed
        self.calls: list[tuple[Call, Outcome]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self._functions:
            raise AttributeError(f"the exercise has no function {name}")

        def function(*args: Any, **kwargs: Any) -> Any:
            call = Call.of(name, args, kwargs, self._run_seed)
            outcome = self._perform(call)
            self.calls.append((call, outcome))
            if outcome.kind == "value":
                return outcome.value
            raise self._explain(call, outcome)

        return function

    @property
    def last(self) -> Outcome:
        return self.calls[-1][1]


def assert_same(got: Any, expected: Any, relative: float = 1e-4, absolute: float = 1e-5) -> None:
    """Fail with the first fact that tells `got` from `expected`.

    `expected` gives the form (see `judge.compare`); `ANY` in it stands for a part that this check does not look at.
    Where student code runs on another device, that device's tolerance holds if it is wider.
    """
    tolerance = in_force(Tolerance(relative, absolute))
    fact = difference(got, expected, tolerance)
    if fact is not None:
        raise Unearned("failed", nearly(got, expected, fact, tolerance).about(got))


def assert_agree(
    student: Callable[..., Any],
    reference: Callable[..., Any],
    cases: Iterable[tuple[Any, ...]],
    relative: float = 1e-4,
    absolute: float = 1e-5,
    ignoring: Iterable[int | str] = (),
) -> None:
    """Call both functions with the arguments of each case, and compare once all calls were made.

    All calls come first because each is evidence: a diagnosis tells mistakes apart by every result of the check.
    `ignoring` are places of a tuple, or keys of a dict, that this check does not look at.
    """
    cases = list(cases)
    results = [student(*case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        assert_same(got, _without(reference(*case), set(ignoring)), relative, absolute)


def _without(expected: Any, ignored: set[int | str]) -> Any:
    """Return `expected`, a tuple, a dict, or a list of them, with `ANY` in the ignored places."""
    if not ignored:
        return expected
    if isinstance(expected, dict):
        return {key: ANY if key in ignored else value for key, value in expected.items()}
    if isinstance(expected, tuple):
        return tuple(ANY if place in ignored else value for place, value in enumerate(expected))
    return [_without(item, ignored) for item in expected]


def assert_that(condition: object, en: str, es: str, got: Any = None) -> None:
    """Fail with a sentence in both languages unless `condition` holds; names of a student's stand in it as `listed`."""
    if not condition:
        shown = {} if got is None else {"got": show(got)}
        raise Unearned("failed", Fact("not_true" if shown else "stated", {"en": en, "es": es, **shown}))


def assert_raises(
    error: type[Exception], function: Callable[..., Any], *args: Any, naming: str = "", **kwargs: Any
) -> None:
    """Fail unless `function` raises `error` or a subclass of it. The error's text is never looked at.

    `naming` is what the error is for, such as "top_k=0"; a failure shows it, so it names only what the statement does.
    """
    wanted = f"{error.__name__} ({naming})" if naming else error.__name__
    try:
        value = function(*args, **kwargs)
    except Unearned as unearned:
        outcome = unearned.outcome
        if unearned.status != "failed" or outcome is None or outcome.kind != "error":
            raise
        if error.__name__ in outcome.error["types"] and outcome.error["stage"] == "call":
            return
        if unearned.fact is not None and unearned.fact.kind == "raised":
            fact = Fact("wrong_error", unearned.fact.values | {"wanted": wanted})
            raise Unearned("failed", fact, outcome) from None
        raise
    raise Unearned("failed", Fact("no_error", {"wanted": wanted, "got": show(value)}))


def assert_unchanged(player: Player) -> None:
    """Fail if the latest call changed its arguments, or weights or config of a model (calling `eval()` is fine)."""
    names = changed_parts(player.last)
    if names:
        raise Unearned("failed", Fact("changed", {"names": ", ".join(names)}))


def changed_parts(outcome: Outcome) -> list[str]:
    """Return what a call changed of what it was given; neither settings of the process nor a model's mode count."""
    settings = {"rng", "grad_mode", "default_dtype"}
    return [name for name in outcome.changed if not name.endswith(".training") and name not in settings]


class Models:
    """The objects that a worker makes for a suite; every model is a spy (see `Player.last.forwards`).

    `device` is where the student's calls get them; the reference's stay on the CPU.
    """

    def __init__(self, rng: np.random.Generator, device: str = "cpu") -> None:
        self._rng, self.device = rng, device

    def _seed(self) -> int:
        return int(self._rng.integers(2**31))

    def twin(self, name: str, head: str | None = None, **options: Any) -> wire.Made:
        """A checkpoint's architecture with drawn, decisive weights.

        `head`: `sequence-classification`, `token-classification`, `question-answering`, `causal-lm`, `masked-lm`,
        `seq2seq-lm`, or None for the base model. Options: `labels` (id to label), `train`, `attention`, and values of
        the config, such as `num_hidden_layers`.
        """
        return wire.Made("twin", {"name": name, "head": head, "seed": self._seed(), **options})

    def altered(
        self,
        model: wire.Made,
        frozen: Sequence[str] = (),
        cast: dict[str, str] | None = None,
        renamed: dict[str, str] | None = None,
    ) -> wire.Made:
        """`model` with modules frozen, cast to a dtype (`{"transformer.wte": "float16"}`) or renamed; "" is all of it.

        A model with a renamed module is there for its weights: it no longer runs.
        """
        options = {"model": model, "frozen": list(frozen), "cast": cast or {}, "renamed": renamed or {}}
        return wire.Made("altered", options)

    def tokenizer(self, name: str, **options: Any) -> wire.Made:
        """The tokenizer of a checkpoint."""
        return wire.Made("tokenizer", {"name": name, **options})

    def config(self, name: str, **values: Any) -> wire.Made:
        """The configuration of a checkpoint, some of its values replaced, such as `num_hidden_layers=3`."""
        return wire.Made("config", {"name": name, **values})

    def encoding(
        self, tokenizer: wire.Made, texts: Sequence[str], pairs: Sequence[str] | None = None, **options: Any
    ) -> wire.Made:
        """A padded batch, encoded by `tokenizer`."""
        pairs = None if pairs is None else list(pairs)
        return wire.Made("encoding", {"tokenizer": tokenizer, "texts": list(texts), "pairs": pairs, **options})

    def batch(self, ids: np.ndarray[Any, Any], mask: np.ndarray[Any, Any]) -> wire.Made:
        """A batch of chosen ids and their attention mask, both (batch, seq), as a tokenizer would return it."""
        return wire.Made("batch", {"input_ids": ids, "attention_mask": mask})

    def folder(
        self, name: str = "my_model", model: wire.Made | None = None, tokenizer: wire.Made | None = None
    ) -> wire.Made:
        """A new folder for each call, empty or with a saved model and tokenizer; see `Player.last.written`."""
        return wire.Made("folder", {"name": name, "model": model, "tokenizer": tokenizer})

    def moved(self, made: wire.Made, device: str, keys: Sequence[str] | None = None) -> wire.Made:
        """A model or an encoding on `device` (`cpu` and `meta` are everywhere), or only the entries `keys` of it.

        It stays there, also where student code runs on another device.
        """
        return wire.Made("moved", {"thing": made, "device": device, "keys": None if keys is None else list(keys)})

    def far(self, row: np.ndarray[Any, Any], labels: dict[int, str]) -> wire.Made:
        """A classifier on the meta device, which gives each text the logits `row`.

        It takes inputs from there alone, and its logits stay there until they are copied, as on a GPU.
        """
        return wire.Made("planted_far", {"row": row.astype(np.float32), "labels": labels})

    def spread(self, model: wire.Made) -> wire.Made:
        """`model` as `device_map` leaves it: its first part on the student's device, the others on the CPU."""
        return wire.Made("spread", {"model": model})

    def with_entries(self, encoding: wire.Made, **entries: Any) -> wire.Made:
        """`encoding` with further entries, such as a list of texts, which no device can hold."""
        return wire.Made("with_entries", {"encoding": encoding, **entries})

    def on_machine(self, value: Any, cuda: int) -> wire.Made:
        """The argument `value`, and during the call torch says that the machine has so many CUDA devices."""
        return wire.Made("on_machine", {"value": value, "cuda": cuda})

    def nudged(self, model: wire.Made, by: float = 2e-3) -> wire.Made:
        """A copy of `model`, one drawn weight of which is off by `by`; never one of the first parameter."""
        return wire.Made("nudged", {"model": model, "seed": self._seed(), "by": by})

    def generating(self, model: wire.Made, **settings: Any) -> wire.Made:
        """`model` with settings in its generation_config, such as `do_sample=True` or a list as `eos_token_id`."""
        return wire.Made("generating", {"model": model, **settings})

    def swapped(self, model: wire.Made) -> wire.Made:
        """A copy of `model`, two numbers of its last parameter exchanged: with two labels, its sum is the very same."""
        return wire.Made("swapped", {"model": model})

    def with_weights_of(self, model: wire.Made, other: wire.Made) -> wire.Made:
        """`model`, with the weights of `other` under each name that both have, where the shapes are the same."""
        return wire.Made("with_weights_of", {"model": model, "other": other})

    def generator(self) -> wire.Made:
        """A seeded torch generator."""
        return wire.Made("generator", {"seed": self._seed()})

    def spans(
        self,
        tokenizer: wire.Made,
        starts: dict[str, float],
        ends: dict[str, float],
        null: float = -9.0,
        nulls: dict[str, float] | None = None,
        train: bool = False,
    ) -> wire.Made:
        """A planted QA model: these words get these start and end logits, all else is below -4.

        [CLS] gets the logit of the first word of `nulls` that its row holds, else `null`.
        """
        options = {
            "tokenizer": tokenizer,
            "starts": starts,
            "ends": ends,
            "null": null,
            "nulls": nulls or {},
            "seed": self._seed(),
            "train": train,
        }
        return wire.Made("planted_spans", options)

    def classifier(
        self, tokenizer: wire.Made, rows: dict[str, np.ndarray[Any, Any]], labels: dict[int, str], train: bool = False
    ) -> wire.Made:
        """A planted classifier: `rows` gives each text its logits (labels,); other texts get logits of their own."""
        return wire.Made("planted_classifier", {"tokenizer": tokenizer, "rows": rows, "labels": labels, "train": train})

    def witness(self, tokenizer: wire.Made, rows: dict[str, np.ndarray[Any, Any]], labels: dict[int, str]) -> wire.Made:
        """A planted classifier that counts as changed where a result still holds the graph of its gradients."""
        return wire.Made("planted_witness", {"tokenizer": tokenizer, "rows": rows, "labels": labels})

    def tagger(
        self, tokenizer: wire.Made, labels: dict[int, str], outside: str = "O", train: bool = False
    ) -> wire.Made:
        """A planted tagger: a decisive label for each token, never `outside` on special tokens and padding."""
        options = {"tokenizer": tokenizer, "labels": labels, "outside": outside, "seed": self._seed(), "train": train}
        return wire.Made("planted_tagger", options)

    def next_token(self, table: np.ndarray[Any, Any], eos: int | None = None, train: bool = False) -> wire.Made:
        """A planted causal model: row `i` of `table` (vocab, vocab) holds the logits of what follows token `i`."""
        return wire.Made("planted_next_token", {"table": table.astype(np.float32), "eos": eos, "train": train})
