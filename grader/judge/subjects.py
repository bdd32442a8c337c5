"""Those whose functions are called: the student, and the trusted bench (reference, mistakes, variants).

Each performs a `Call` and gives an `Outcome`. The same call has the same seed whoever performs it, so that two right
answers, or the same mistake twice, give the same numbers even where something is drawn.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from grader import wire
from grader.catalogue import Exercise
from grader.judge.compare import difference
from grader.judge.facts import clean
from grader.judge.workers import GraderFault, Limits, Worker, WorkerDied, WorkerTimeout, Workshop

PATIENCE = 2  # timeouts of one function before its limit falls to IMPATIENT_S
IMPATIENT_S = 1.0
BENCH_CALL_S = 30.0
NO_REPLY = "a reply that is none"
NOT_OF_THE_FORM = (AttributeError, KeyError, TypeError, ValueError)  # what reading a reply of another form raises


@dataclass(frozen=True)
class Call:
    """One call of a function, with the seed that the worker sets before it."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seed: int
    key: bytes = field(repr=False, default=b"")

    @staticmethod
    def of(function: str, args: tuple[Any, ...], kwargs: dict[str, Any], run_seed: int) -> Call:
        key = hashlib.sha256(wire.encode([run_seed, function, list(args), kwargs])).digest()
        return Call(function, args, kwargs, int.from_bytes(key[:4], "big"), key)


@dataclass(frozen=True)
class Outcome:
    """What came of a call. `error` is the worker's description; `changed`, `forwards` and `written` are its claims.

    `written` describes each folder that was handed in, as the call left it, and an encoding that came of another one.
    """

    kind: Literal["value", "error", "timeout", "crash"]
    value: Any = None
    error: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    forwards: tuple[dict[str, Any], ...] = ()
    how: str = ""
    written: dict[str, Any] = field(default_factory=dict)

    def same_as(self, other: Outcome) -> bool:
        """Whether both came out alike: same value or same error, and the same things changed."""
        if self.kind != other.kind or self.kind in ("timeout", "crash") or set(self.changed) != set(other.changed):
            return False
        if self.kind == "error":
            return all(self.error.get(part) == other.error.get(part) for part in ("types", "message", "stage"))
        pairs = ((self.value, other.value), (self.written, other.written))
        return all(difference(a, b) is None and difference(b, a) is None for a, b in pairs)


class LoadError(Exception):
    """The student's module could not be loaded: the outcome of running it, or the functions that it lacks."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.kind)
        self.outcome = outcome


class Subject(Protocol):
    """Whoever's answer is judged. `functions` are those it has, with their parameters; `defined` are all others too."""

    functions: dict[str, list[str]]
    defined: list[str]

    def load(self) -> None:
        """Make ready for calls. Errors: `LoadError`."""

    def perform(self, call: Call) -> Outcome:
        """Perform one call."""

    def end(self) -> None:
        """End what runs; a later call starts anew."""


class Student:
    """A submission's module in a worker of its own; a worker that ended is replaced at the next call."""

    def __init__(self, shop: Workshop, exercise: Exercise, files: dict[str, bytes], banned: bool = True) -> None:
        self.exercise = exercise
        self.functions: dict[str, list[str]] = {}
        self.defined: list[str] = []
        self._shop, self._files, self._banned = shop, files, banned
        self._worker: Worker | None = None
        self._timeouts: Counter[str] = Counter()
        self._printed = ""

    def load(self) -> None:
        """Run the module in a worker. Errors: `LoadError`."""
        limits: Limits = self._shop.limits
        self._worker = self._shop.hire(self._files, device=limits.device)
        source = self._files[self.exercise.file].decode("utf-8")
        request = load_request("student", self.exercise, source, self.exercise.file, self._banned)
        try:
            reply = self._worker.ask(request, limits.import_s)
        except WorkerTimeout:
            raise LoadError(Outcome("timeout", how=f"{limits.import_s:g}")) from None
        except WorkerDied as died:
            raise LoadError(Outcome("crash", how=how_it_ended(died.status))) from None
        if "fault" in reply or "error" in reply:
            raise LoadError(outcome_of({"value": None, **reply}))
        try:
            self.functions = {str(n): [clean(str(p), 60) for p in ps] for n, ps in dict(reply["functions"]).items()}
            self.defined = [clean(str(name), 60) for name in reply["defined"]]
        except NOT_OF_THE_FORM:
            raise LoadError(Outcome("crash", how=NO_REPLY)) from None

    def perform(self, call: Call) -> Outcome:
        """Perform `call`, in a fresh worker where the last one ended."""
        if self._worker is None or not self._worker.alive:
            try:
                self.load()
            except LoadError as error:
                return error.outcome
        if call.function not in self.functions:
            return Outcome("error", error={"types": ["MissingFunction"], "message": "", "line": None, "stage": "call"})
        limit = self._shop.limits.call_s if self._timeouts[call.function] < PATIENCE else IMPATIENT_S
        assert self._worker is not None
        try:
            return outcome_of(self._worker.ask(call_request("student", call), limit))
        except WorkerTimeout:
            self._timeouts[call.function] += 1
            return Outcome("timeout", how=f"{limit:g}")
        except WorkerDied as died:
            return Outcome("crash", how=how_it_ended(died.status))

    def end(self) -> None:
        """End the worker; the next call gets a fresh one."""
        if self._worker is not None and self._worker.alive:
            self._worker.end()

    def output(self) -> str:
        """Return the beginning of what the module printed in its last worker."""
        return self._worker.output() if self._worker else ""


class Bench:
    """A trusted worker with many modules: reference, mistakes, variants. Outcomes are kept by module and call."""

    def __init__(self, shop: Workshop, device: str = "cpu") -> None:
        self._shop, self._device = shop, device
        self._worker: Worker | None = None
        self._loaded: set[str] = set()
        self._kept: dict[tuple[str, bytes], Outcome] = {}

    def perform(self, key: str, exercise: Exercise, source: str, call: Call, keep: bool = True) -> Outcome:
        """Perform `call` with the module `key`, loading its `source` at the first time. Errors: `GraderFault`."""
        if keep and (key, call.key) in self._kept:
            return self._kept[key, call.key]
        if self._worker is None or not self._worker.alive:
            self._worker, self._loaded = self._shop.hire(memory_mib=8192, device=self._device), set()
        try:
            if key not in self._loaded:
                reply = self._worker.ask(load_request(key, exercise, source, "", banned=False), BENCH_CALL_S)
                if "functions" not in reply:
                    raise GraderFault(f"{exercise.slug}: {key} does not load: {reply.get('error', reply)}")
                self._loaded.add(key)
            reply = self._worker.ask(call_request(key, call), BENCH_CALL_S)
            if "fault" in reply:
                raise GraderFault(f"{exercise.slug}: {call.function} of {key} could not be called: {reply['fault']}")
            outcome = outcome_of(reply)
        except (WorkerTimeout, WorkerDied) as error:
            outcome = Outcome("timeout" if isinstance(error, WorkerTimeout) else "crash")
        if keep:
            self._kept[key, call.key] = outcome
        return outcome

    def forget(self) -> None:
        """Drop the kept outcomes."""
        self._kept.clear()

    def end(self) -> None:
        """End the worker; the next call gets a fresh one."""
        if self._worker is not None:
            self._worker.end()

    def configure(self, threads: int = 1, attention: str | None = None) -> None:
        """Run models otherwise from now on (to measure the noise floor)."""
        if self._worker is None or not self._worker.alive:
            self._worker, self._loaded = self._shop.hire(memory_mib=8192, device=self._device), set()
        self._worker.ask({"op": "set", "threads": threads, "attention": attention}, BENCH_CALL_S)


class OnBench:
    """A trusted source in the student's place: on the shared bench, nothing kept. For proofs over many seeds."""

    def __init__(self, bench: Bench, exercise: Exercise, key: str, source: str) -> None:
        self._bench, self._exercise, self._key, self._source = bench, exercise, f"{exercise.slug}:{key}:proof", source
        self.functions: dict[str, list[str]] = {name: [] for name in exercise.todos}
        self.defined: list[str] = []

    def load(self) -> None:
        """Nothing to do: the bench loads at the first call."""

    def perform(self, call: Call) -> Outcome:
        """Perform `call` on the bench."""
        return self._bench.perform(self._key, self._exercise, self._source, call, keep=False)

    def end(self) -> None:
        """Nothing to do: the bench stays."""


def load_request(key: str, exercise: Exercise, source: str, file: str, banned: bool) -> dict[str, Any]:
    return {
        "op": "load", "key": key, "module": exercise.module, "source": source, "file": file,
        "functions": list(exercise.todos), "banned": list(exercise.banned) if banned else [],
    }  # fmt: skip


def call_request(key: str, call: Call) -> dict[str, Any]:
    return {
        "op": "call", "key": key, "function": call.function, "args": list(call.args), "kwargs": call.kwargs,
        "seed": call.seed,
    }  # fmt: skip


def outcome_of(reply: dict[str, Any]) -> Outcome:
    """Read a worker's reply to a call; what is not of the expected form counts as a crash."""
    if "fault" in reply:
        return Outcome("crash", how=f"fault of the worker: {clean(str(reply['fault']))}")
    try:
        changed = tuple(clean(str(name), 60) for name in list(reply.get("changed", []))[:20])
        forwards = tuple(dict(record) for record in reply.get("forwards", []))
        if "error" in reply:
            return Outcome("error", error=checked_error(reply["error"]), changed=changed, forwards=forwards)
        written = dict(reply.get("written", {}))
        return Outcome("value", reply["value"], changed=changed, forwards=forwards, written=written)
    except NOT_OF_THE_FORM:
        return Outcome("crash", how=NO_REPLY)


def checked_error(error: Any) -> dict[str, Any]:
    """Return the description of an error with every part of the expected type."""
    line = error.get("line")
    described: dict[str, Any] = {
        "types": [clean(str(name), 60) for name in list(error["types"])[:20]] or ["Exception"],
        "message": clean(str(error["message"])),
        "line": line if type(line) is int and 0 < line < 1_000_000 else None,
        "stage": "return" if error.get("stage") == "return" else "call",
    }
    bound = error.get("bound")
    if isinstance(bound, list) and [type(part) for part in bound] == [str, int, int] and bound[0] in wire.BOUNDS:
        described["bound"] = tuple(bound)
    return described


def how_it_ended(status: int | None) -> str:
    """Return how a worker ended, in a word or two that read alike in every language."""
    if status is None:
        return NO_REPLY
    signal_number = status & 0x7F
    if signal_number in (0, 9):  # it left by itself; the judge's own kill says nothing
        return f"exit {(status >> 8) & 0xFF}" if signal_number == 0 else "kill"
    return f"signal {signal_number}"
