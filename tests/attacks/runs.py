"""Runs sessions of the corpus side by side, and says of each attack what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.catalogue import ROOT
from grader.isolation import Isolation
from tests.attacks.cases import CLASSES, Attack
from tests.attacks.session import UNFIT

SESSION_S = 900


@dataclass(frozen=True)
class Column:
    """One way to run the corpus: the isolation that is asked for, and as whom; `reversed` turns the order round.

    `kinds` are the classes of attacks that are run.
    """

    level: str
    user: str
    reversed: bool = False
    kinds: tuple[str, ...] = CLASSES

    @property
    def id(self) -> str:
        return f"{self.level}-{self.user}"


COLUMNS = (
    Column("full", "root"), Column("full", "ordinary", True), Column("partial", "root"), Column("partial", "ordinary"),
    Column("process", "root"), Column("process", "ordinary"),
)  # fmt: skip


class NotHere(Exception):
    """A column is not to be had on this machine. The message is the reason."""


@dataclass(frozen=True)
class Result:
    """What came of one session; `told` is the JSON that it wrote."""

    column: Column
    told: Mapping[str, Any]

    @property
    def isolation(self) -> Isolation:
        return Isolation(tuple(self.told["layers"]), self.told["missing"], self.told["open"])

    def of(self, attack: Attack) -> Mapping[str, Any]:
        """Return what came of `attack`; one that was refused before anything was run has no score."""
        return self.told["attacks"].get(attack.id) or {"score": 0, "checks": [], "reached": [], "damage": []}

    def twin(self, honest: str) -> Mapping[str, Any]:
        """Return what came of an honest beginning alone."""
        return next(one for one in self.told["neighbours"] if one["name"] == f"honest 0 {honest}")

    def raised(self, attack: Attack) -> set[str]:
        """Return the checks that `attack` passed and its honest beginning did not."""
        return passed(self.of(attack)) - passed(self.twin(attack.honest))

    def is_contained(self, attack: Attack) -> bool:
        """Whether `attack` raised no score, reached nothing, and left the world as it was."""
        told = self.of(attack)
        return not (self.raised(attack) or told["reached"] or told["damage"])


def passed(told: Mapping[str, Any]) -> set[str]:
    return {check["id"] for check in told["checks"] if check["status"] == "passed"}


def run(columns: Sequence[Column], folder: Path, at_once: int) -> dict[Column, Result | NotHere]:
    """Return the result of each column, or why it is not to be had. Errors: `RuntimeError` if a session falls over."""
    with ThreadPoolExecutor(at_once) as pool:
        results = list(pool.map(lambda column: _run(column, folder), columns))
    return dict(zip(columns, results, strict=True))


def _run(column: Column, folder: Path) -> Result | NotHere:
    root = os.geteuid() == 0
    if column.user == "root" and not root:
        return NotHere("it takes root")
    output = folder / f"{column.id}.json"
    options = ["--kinds", *column.kinds]
    options += ["--ordinary"] * (column.user == "ordinary" and root) + ["--reversed"] * column.reversed
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks.session", "--level", column.level, "--output", str(output), *options],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=SESSION_S,
        env={**_clean_environment(), "SECRET_OF_THE_JUDGE": f"sesame-{os.getpid()}"},
    )  # fmt: skip
    if done.returncode == UNFIT:
        return NotHere(done.stderr.strip().splitlines()[-1])
    if done.returncode:
        raise RuntimeError(f"the session {column.id} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    result = Result(column, json.loads(output.read_text()))
    if result.told["level"] != column.level:
        return NotHere(f"isolation is {result.told['level']} here: {'; '.join(result.isolation.gaps)}")
    return result


def _clean_environment() -> dict[str, str]:
    names = ("PYTEST_", "COV_", "TMPDIR", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if not name.startswith(names)}


def found(results: Iterable[Result | NotHere]) -> list[Result]:
    """Return the results that there are."""
    return [result for result in results if isinstance(result, Result)]
