"""Collects the hidden suites once, and runs their checks as often as there are answers to judge.

pytest owns collection, fixtures and teardown; this plugin takes the place of its run loop. `run_suites` starts pytest,
collects, and hands a `SuiteRunner` to the caller's function: a whole class is graded inside one pytest session.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from grader.catalogue import CourseError, Exercise
from grader.judge.compare import on_device
from grader.judge.facts import Fact
from grader.judge.subjects import Call, Outcome
from grader.judge.suite import Models, Player, Unearned
from grader.judge.workers import GraderFault
from grader.report import CheckStatus

T = TypeVar("T")
GPU_DEVICES = ("cuda",)


@dataclass(frozen=True)
class Check:
    """One hidden check: a true sentence in both languages, and the check that it rests on."""

    id: str
    title: dict[str, str]
    rests_on: str | None = None


@dataclass(frozen=True)
class Run:
    """One check of one answer. `calls` are the student's, with what came of them; `fault` is the grader's own error."""

    check: Check
    status: CheckStatus
    fact: Fact | None = None
    calls: tuple[tuple[Call, Outcome], ...] = ()
    duration_s: float = 0.0
    fault: str | None = None


@dataclass
class Sides:
    """The players of one run, and the run's seed. `stand_in` is the reference, playing the student."""

    student: Player
    reference: Player
    stand_in: Player
    seed: int


class SuiteRunner:
    """The collected checks of each exercise, for student code on one device.

    Checks marked `gpu` are part of a suite only on a CUDA device, and counted in `needs_gpu` elsewhere.
    """

    def __init__(self, exercises: Iterable[Exercise], body: Callable[[SuiteRunner], Any], device: str = "cpu") -> None:
        self._slugs = {exercise.suite.resolve(): exercise.slug for exercise in exercises}
        self._body, self._device = body, device
        self._items: dict[str, dict[str, pytest.Function]] = {slug: {} for slug in self._slugs.values()}
        self._sides: Sides | None = None
        self._caught: BaseException | None = None
        self.checks: dict[str, list[Check]] = {}
        self.needs_gpu: dict[str, int] = dict.fromkeys(self._items, 0)
        self.failure: BaseException | None = None
        self.result: Any = None
        self.ran = False

    def run(self, slug: str, check: Check, sides: Sides) -> Run:
        """Run one check with these players."""
        started = time.perf_counter()
        caught = self._protocol(slug, check, sides)
        calls = tuple(sides.student.calls)
        if caught is None:
            return Run(check, "passed", None, calls, time.perf_counter() - started)
        if isinstance(caught, Unearned):
            return Run(check, caught.status, caught.fact, calls, time.perf_counter() - started)
        if isinstance(caught, AssertionError):
            fact = Fact("stated", check.title)
            return Run(check, "failed", fact, calls, time.perf_counter() - started)
        if isinstance(caught, GraderFault):
            return Run(check, "grader_error", None, calls, time.perf_counter() - started, str(caught))
        return self._whose_fault(slug, check, sides, caught, calls, started)

    def _whose_fault(
        self, slug: str, check: Check, sides: Sides, caught: BaseException, calls: Any, started: float
    ) -> Run:
        """Judge an unforeseen error: with the reference in the student's place, does the suite fall over too?"""
        again = self._protocol(slug, check, replace(sides, student=sides.stand_in))
        duration = time.perf_counter() - started
        if again is None and calls:
            from grader.judge.facts import form

            return Run(check, "failed", Fact("unexpected_form", {"got": form(calls[-1][1].value)}), calls, duration)
        fault = f"{slug}: {check.id} fell over with {type(caught).__name__}: {caught}"
        return Run(check, "grader_error", None, calls, duration, fault)

    def _protocol(self, slug: str, check: Check, sides: Sides) -> BaseException | None:
        item = self._items[slug][check.id]
        self._sides, self._caught = sides, None
        sides.student.calls.clear()
        sides.reference.calls.clear()
        item._initrequest()
        with on_device(self._device):
            runtestprotocol(item, log=False, nextitem=None)
        self._sides = None
        return self._caught

    # --- pytest hooks ---

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "rests_on(check): this check waits for that one")
        config.addinivalue_line("markers", "gpu: is a check only where student code runs on a CUDA device")

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            slug = self._slugs[item.path.resolve()]
            if item.get_closest_marker("gpu") and self._device not in GPU_DEVICES:
                self.needs_gpu[slug] += 1
            else:
                self._items[slug][item.name] = item
        try:
            for slug, named in self._items.items():
                self.checks[slug] = [_check(slug, item, named) for item in named.values()]
        except CourseError as error:  # pytest would print a trace of its own around it
            self.failure = error

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed or self.failure is not None:
            return True
        self.ran = True
        try:
            self.result = self._body(self)
        except BaseException as error:
            self.failure = error
        return True

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Generator[None, None, None]:
        if call.excinfo is not None and self._caught is None:
            self._caught = call.excinfo.value
        yield

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.failure is None:
            lines = str(report.longrepr).strip().splitlines()
            self.failure = CourseError(f"{report.nodeid}: the suite does not load: {lines[-1] if lines else '?'}")

    # --- fixtures of the suites ---

    @pytest.fixture
    def student(self) -> Player:
        """The answer that is judged."""
        assert self._sides is not None
        return self._sides.student

    @pytest.fixture
    def reference(self) -> Player:
        """The solution."""
        assert self._sides is not None
        return self._sides.reference

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """A generator seeded by the run's seed and the check."""
        assert self._sides is not None
        slug = self._slugs[request.path.resolve()]
        return np.random.default_rng([self._sides.seed, zlib.crc32(f"{slug}::{request.node.name}".encode())])

    @pytest.fixture
    def models(self, rng: np.random.Generator) -> Models:
        """Models, tokenizers and encodings for the functions that are judged."""
        return Models(rng, self._device)


def _check(slug: str, item: pytest.Function, named: dict[str, pytest.Function]) -> Check:
    doc = (item.function.__doc__ or "").strip().splitlines()
    spanish = next((line.strip().removeprefix("es:").strip() for line in doc if line.strip().startswith("es:")), "")
    if not doc or not spanish:
        raise CourseError(f"{slug}: {item.name} needs a docstring: its title, and a line 'es: …' with the Spanish one")
    if spanish[-1] not in ".?":
        raise CourseError(
            f"{slug}: {item.name} has a Spanish title that does not end: {spanish!r}; keep it on its line"
        )
    marker = item.get_closest_marker("rests_on")
    rests_on = marker.args[0] if marker else None
    if rests_on is not None and (rests_on not in named or list(named).index(rests_on) > list(named).index(item.name)):
        raise CourseError(f"{slug}: {item.name} rests on {rests_on}, which is no check above it")
    return Check(item.name, {"en": doc[0].strip(), "es": spanish}, rests_on)


def run_suites(exercises: list[Exercise], body: Callable[[SuiteRunner], T], device: str = "cpu") -> T:
    """Collect the suites of `exercises` for student code on `device`, and return what `body` makes of them.

    Errors: `CourseError`, `GraderFault`.
    """
    for exercise in exercises:
        if not exercise.suite.exists():
            raise CourseError(f"{exercise.suite} is missing; write the hidden suite (see CONTRIBUTING.md)")
    runner = SuiteRunner(exercises, body, device)
    options = ["-c", os.devnull, "--import-mode=importlib", "--assert=plain", "-p", "no:terminal"]
    options += [
        part for plugin in ("cacheprovider", "logging", "junitxml", "pastebin") for part in ("-p", f"no:{plugin}")
    ]
    options += ["--capture=no", f"--rootdir={exercises[0].root}", "-o", "python_functions=test_*"]
    with _without_foreign_plugins():
        pytest.main([*options, *(str(exercise.suite) for exercise in exercises)], plugins=[runner])
    if runner.failure is not None:
        raise runner.failure
    if not runner.ran:
        raise GraderFault("pytest did not reach the hidden suites; run the command again with PYTEST_DEBUG=1")
    return runner.result  # type: ignore[no-any-return]


@contextmanager
def _without_foreign_plugins() -> Generator[None, None, None]:
    """Keep plugins that happen to be installed out of the judge's session."""
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update({name: value for name, value in before.items() if value is not None})
