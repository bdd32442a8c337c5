"""The hidden suites with nothing between them and the solutions: a pytest plugin for the benchmark alone.

Student and reference are the solution, called in pytest's own process.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import wire
from grader.catalogue import Exercise, load_course
from grader.judge import bank
from grader.judge.subjects import Call, Outcome, call_request, load_request, outcome_of
from grader.judge.suite import Models, Player, Unearned
from grader.report import CheckStatus
from grader.worker.serve import Server

COURSE = {exercise.suite: exercise for exercise in load_course().values()}
SEED = 1
FAILED: CheckStatus = "failed"


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Player:
    return _player(COURSE[request.path], bank.reference(COURSE[request.path]))


@pytest.fixture
def reference(student: Player) -> Player:
    return student


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    return np.random.default_rng([SEED, zlib.crc32(f"{request.path.parent.name}::{request.node.name}".encode())])


@pytest.fixture
def models(rng: np.random.Generator) -> Models:
    return Models(rng)


SERVER = Server()


def _player(exercise: Exercise, source: str) -> Player:
    if exercise.slug not in SERVER.modules:
        SERVER.load(load_request(exercise.slug, exercise, source, "", banned=False))

    def perform(call: Call) -> Outcome:
        outcome = outcome_of(SERVER.call(call_request(exercise.slug, call)))
        return replace(outcome, value=_arrays(outcome.value))

    names = [name for name, value in vars(SERVER.modules[exercise.slug]).items() if callable(value)]
    return Player(names, perform, lambda _, outcome: Unearned(FAILED, None, outcome), SEED)


def _arrays(value: Any) -> Any:
    """Return the value with numpy arrays where the wire would have made them."""
    if isinstance(value, wire.RawTensor):
        return np.frombuffer(value.data, dtype=wire.DTYPES[value.dtype][1]).reshape(value.shape)
    if isinstance(value, (list, tuple)):
        return type(value)(_arrays(item) for item in value)
    return {key: _arrays(item) for key, item in value.items()} if isinstance(value, dict) else value


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rests_on(check): this check waits for that one")
