"""Those whose functions are called: the student, and the trusted bench (reference, mistakes, variants).

Each performs a `Call` and gives an `Outcome`. The same call has the same seed whoever performs it, so that two right
answers, or the same mistake twice, give the same numbers even where something is drawn.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from grader import wire
from grader.catalogue import Exercise
from grader.judge.compare import difference
from grader.judge.workers import GraderFault, Limits, WarmProcessLost, Worker, WorkerDied, WorkerTimeout, Workshop
from grader.submission import Handed
from grader.texts import clean

PATIENCE = 2  # timeouts of one function before its limit falls to IMPATIENT_S
IMPATIENT_S = 1.0
MAX_FAILED, MAX_DEFINED, MAX_PARAMETERS = 20, 100, 20  # what is read of a reply, however long its lists are
MAX_KEPT = 256 * 2**20  # bytes of all results of one exercise: they are kept until it is judged
MAX_FORWARDS, MAX_DIMS = 1000, 8
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
    """Whoever's answer is judged. `functions` are those it has, with their parameters; `defined` are all others too.

    `file` is the name of the file that it is, in messages, and `source` its text. `halted` is the error that stopped
    the module after it had defined some of them.
    """

    functions: dict[str, list[str]]
    defined: list[str]
    file: str
    source: str
    halted: dict[str, Any] | None

    def load(self) -> None:
        """Make ready for calls. Errors: `LoadError`."""

    def perform(self, call: Call) -> Outcome:
        """Perform one call."""

    def text_of(self, error: dict[str, Any]) -> str:
        """Return the text in which the line of `error` counts."""

    def end(self) -> None:
        """End what runs; a later call starts anew."""


class Student:
    """A submission's module in a worker of its own; a worker that ended is replaced at the next call.

    A notebook is run statement by statement. `failed` are the errors of those that failed by themselves; where running
    it did not end, or ended the process, it is run again without what is no definition (`only_definitions`).
    """

    def __init__(self, shop: Workshop, exercise: Exercise, handed: Handed, banned: bool = True) -> None:
        self.exercise = exercise
        self.file = exercise.notebook if handed.is_notebook else exercise.file
        self.functions: dict[str, list[str]] = {}
        self.defined: list[str] = []
        self.failed: list[dict[str, Any]] = []
        self.only_definitions = False
        self.halted: dict[str, Any] | None = None
        module = handed.files.get(exercise.file, b"").decode("utf-8-sig")  # editors on Windows write a mark first
        self.source = "\n".join(cell.source for cell in handed.cells) if handed.is_notebook else module
        self._shop, self._handed, self._banned = shop, handed, banned
        self._worker: Worker | None = None
        self._timeouts: Counter[str] = Counter()
        self._kept = 0
        self._printed = ""

    def load(self) -> None:
        """Run the module in a worker. Errors: `LoadError`."""
        limits: Limits = self._shop.limits
        self._worker = self._shop.hire(self._handed.files, device=limits.device)
        source = "" if self._handed.is_notebook else self.source
        request = load_request("student", self.exercise, source, self.file, self._banned)
        if self._handed.is_notebook:
            cells = [[cell.number, cell.source] for cell in self._handed.cells]
            request |= {"cells": cells, "only_definitions": self.only_definitions}
        try:
            reply = self._worker.ask(request, limits.import_s)
        except wire.TooLarge as error:
            raise LoadError(_larger_than(error.what, error.size, error.limit)) from None
        except (WorkerTimeout, WorkerDied) as error:
            if self._handed.is_notebook and not self.only_definitions:
                self.only_definitions = True
                return self.load()
            if isinstance(error, WorkerTimeout):
                raise LoadError(Outcome("timeout", how=f"{limits.import_s:g}")) from None
            raise LoadError(Outcome("crash", how=how_it_ended(error.status))) from None
        if "fault" in reply or "error" in reply:
            raise LoadError(outcome_of({"value": None, **reply}))
        try:
            functions = dict(reply["functions"])
            self.functions = {n: _names(functions[n], MAX_PARAMETERS) for n in self.exercise.todos if n in functions}
            self.defined = _names(reply["defined"], MAX_DEFINED)
            self.failed = [checked_error(error) for error in list(reply.get("failed", []))[:MAX_FAILED]]
            self.halted = checked_error(reply["halted"]) if reply.get("halted") is not None else None
        except NOT_OF_THE_FORM:
            raise LoadError(Outcome("crash", how=NO_REPLY)) from None
        return None

    def text_of(self, error: dict[str, Any]) -> str:
        """Return the text in which the line of `error` counts: the file's, or that of the cell that it was in."""
        cells = {cell.number: cell.source for cell in self._handed.cells} if self._handed.is_notebook else {}
        return cells.get(error.get("cell") or 0, "" if cells else self.source)

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
            outcome = outcome_of(self._worker.ask(call_request("student", call), limit))
        except WorkerTimeout:
            self._timeouts[call.function] += 1
            return Outcome("timeout", how=f"{limit:g}")
        except WorkerDied as died:
            return Outcome("crash", how=how_it_ended(died.status))
        self._kept += size_of(outcome.value) + size_of(outcome.written)
        return outcome if self._kept <= MAX_KEPT else _larger_than("bytes", self._kept, MAX_KEPT)

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
        self._set: dict[str, Any] = {}  # how models run, as `configure` asked

    def perform(self, key: str, exercise: Exercise, source: str, call: Call, keep: bool = True) -> Outcome:
        """Perform `call` with the module `key`, loading its `source` at the first time. Errors: `GraderFault`.

        A worker that ends at work which is not its first gives way to a fresh one, and the call is made again: a long
        run uses up its limit of CPU time, and that is not the call's doing.
        """
        if keep and (key, call.key) in self._kept:
            return self._kept[key, call.key]
        is_new = self._worker is None or not self._worker.alive
        try:
            outcome = self._once(key, exercise, source, call)
        except WarmProcessLost:
            if is_new:
                raise
            outcome = Outcome("crash")
        if outcome.kind == "crash" and not is_new:
            outcome = self._once(key, exercise, source, call)
        if keep:
            self._kept[key, call.key] = outcome
        return outcome

    def _once(self, key: str, exercise: Exercise, source: str, call: Call) -> Outcome:
        worker = self._hired()
        try:
            if key not in self._loaded:
                reply = worker.ask(load_request(key, exercise, source, "", banned=False), BENCH_CALL_S)
                if "functions" not in reply or reply.get("halted"):
                    raise GraderFault(f"{exercise.slug}: {key} does not load: {reply.get('error', reply)}")
                self._loaded.add(key)
            reply = worker.ask(call_request(key, call), BENCH_CALL_S)
            if "fault" in reply:
                raise GraderFault(f"{exercise.slug}: {call.function} of {key} could not be called: {reply['fault']}")
            return outcome_of(reply)
        except WorkerTimeout:
            return Outcome("timeout", how=f"{BENCH_CALL_S:g}")
        except WorkerDied as died:
            return Outcome("crash", how=how_it_ended(died.status))

    def _hired(self) -> Worker:
        if self._worker is None or not self._worker.alive:
            self._worker, self._loaded = self._shop.hire(memory_mib=8192, device=self._device), set()
            if self._set:
                self._worker.ask(self._set, BENCH_CALL_S)
        return self._worker

    def forget(self) -> None:
        """Drop the kept outcomes."""
        self._kept.clear()

    def end(self) -> None:
        """End the worker; the next call gets a fresh one."""
        if self._worker is not None:
            self._worker.end()

    def configure(self, threads: int = 1, attention: str | None = None) -> None:
        """Run models otherwise from now on (to measure the noise floor)."""
        worker = self._hired()
        self._set = {"op": "set", "threads": threads, "attention": attention}
        worker.ask(self._set, BENCH_CALL_S)


class OnBench:
    """A trusted source in the student's place: on the shared bench, nothing kept."""

    def __init__(self, bench: Bench, exercise: Exercise, key: str, source: str) -> None:
        self._bench, self._exercise, self._key, self.source = bench, exercise, f"{exercise.slug}:{key}:proof", source
        self.functions: dict[str, list[str]] = {name: [] for name in exercise.todos}
        self.defined: list[str] = []
        self.file = exercise.file
        self.halted: dict[str, Any] | None = None

    def load(self) -> None:
        """Nothing to do: the bench loads at the first call."""

    def perform(self, call: Call) -> Outcome:
        """Perform `call` on the bench."""
        return self._bench.perform(self._key, self._exercise, self.source, call, keep=False)

    def text_of(self, error: dict[str, Any]) -> str:  # noqa: ARG002
        """Return the source: it is one file."""
        return self.source

    def end(self) -> None:
        """Nothing to do: the bench stays."""


def _names(names: Any, limit: int) -> list[str]:
    """Return the first names of a list that a worker sent. Errors: `TypeError` if it is none."""
    return [clean(str(name), 60) for name in list(names)[:limit]]


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
        forwards = tuple(_forward(record) for record in list(reply.get("forwards", []))[:MAX_FORWARDS])
        if "error" in reply:
            return Outcome("error", error=checked_error(reply["error"]), changed=changed, forwards=forwards)
        written = dict(reply.get("written", {}))
        return Outcome("value", reply["value"], changed=changed, forwards=forwards, written=written)
    except NOT_OF_THE_FORM:
        return Outcome("crash", how=NO_REPLY)


def _forward(record: Any) -> dict[str, Any]:
    """Return the record of one forward pass with every part of the expected type. Errors: `TypeError`, `KeyError`."""
    shape = record["shape"]
    if shape is not None and (len(shape) > MAX_DIMS or not all(type(size) is int for size in shape)):
        raise TypeError
    flags = {name: record[name] is True for name in ("training", "grad", "mask")}
    device = record["device"]
    return {
        **flags,
        "shape": None if shape is None else tuple(shape),
        "device": None if device is None else str(device)[:20],
    }


def _larger_than(what: str, size: int, limit: int) -> Outcome:
    bound = (what, min(size, wire.MAX_INT - 1), limit)
    error = {"types": ["TooLarge"], "message": "", "line": None, "cell": None, "stage": "return", "bound": bound}
    return Outcome("error", error=error)


def size_of(value: Any) -> int:
    """Return about how many bytes a value that came out of a frame takes."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (wire.Record, wire.Made)):
        value = value.fields if isinstance(value, wire.Record) else dict(value.options)
    if isinstance(value, dict):
        return sum(size_of(key) + size_of(item) for key, item in value.items())
    return sum(map(size_of, value)) if isinstance(value, (list, tuple, set)) else 8


def checked_error(error: Any) -> dict[str, Any]:
    """Return the description of an error with every part of the expected type."""
    line, cell = error.get("line"), error.get("cell")
    described: dict[str, Any] = {
        "types": [clean(str(name), 60) for name in list(error["types"])[:20]] or ["Exception"],
        "message": clean(str(error["message"])),
        "line": line if type(line) is int and 0 < line < 1_000_000 else None,
        "cell": cell if type(cell) is int and 0 < cell < 100_000 else None,
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
