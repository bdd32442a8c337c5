"""The public checks as data: listed from their file, run here or in a process of their own, and made into a report.

They are formative: student code and checks share a process, so nothing here is a grade. In a process of their own, a
crash costs only the check that it happened in.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

import pytest

from grader.answer import Answer, find_answer
from grader.catalogue import CourseError, Exercise
from grader.report import CheckResult, CheckStatus, ExerciseResult, ExerciseStatus, Report, exercise_status, versions
from grader.texts import Texts, clean, joined

SECONDS_PER_CHECK = 30
START_S = 120
ISOLATION = "none"
ISOLATION_MISSING = ("process", "file system", "network")


@dataclass(frozen=True)
class Outcome:
    """What came of one public check. `message` is one line, None where there is nothing to say.

    `function` is the student's, `line` one of the student's module, `note` what is to be said of the whole file.
    """

    slug: str
    check: str
    status: CheckStatus
    message: Texts | None = None
    todo: int | None = None
    duration_s: float = 0.0
    function: str | None = None
    line: int | None = None
    note: Texts | None = None


GIVEN = pytest.StashKey[ModuleType]()  # the module that is checked, instead of the exercise's file
OUTCOMES: pytest.StashKey[list[Outcome]] = pytest.StashKey()


def listed(exercise: Exercise) -> dict[str, str]:
    """Return the public checks of an exercise, each with its title, in the order of their file.

    Errors: `CourseError` if the file is missing or is not Python.
    """
    path = exercise.public_checks
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({type(error).__name__}); restore it with git checkout") from None
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: {error.msg}; restore the file with git checkout") from None
    checks = [node for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return {node.name: (ast.get_docstring(node) or node.name).splitlines()[0] for node in checks}


def run_here(exercise: Exercise, module: ModuleType) -> list[Outcome]:
    """Run the public checks of `exercise` on `module` in this process, which stays as it was."""

    class Given:
        outcomes: Sequence[Outcome] = ()

        def pytest_configure(self, config: pytest.Config) -> None:
            config.stash[GIVEN] = module

        def pytest_sessionfinish(self, session: pytest.Session) -> None:
            outcomes: list[Outcome] = session.config.stash[OUTCOMES]
            self.outcomes = outcomes

    given = Given()
    with _no_foreign_plugins():
        pytest.main([*_options(exercise.root), "-p", "no:terminal", str(exercise.public_checks)], plugins=[given])
    return _complete(exercise, list(given.outcomes))


def run(exercises: Sequence[Exercise], seconds: float = SECONDS_PER_CHECK) -> Report:
    """Run the public checks of `exercises` in a process of their own and return the report.

    Every listed check is in it, whatever becomes of the process. Units: `seconds` of wall time for each check.
    Errors: `CourseError` names a file of public checks that cannot be read.
    """
    started = time.perf_counter()
    outcomes: dict[tuple[str, str], Outcome] = {}
    groups = [{(e.slug, check): e for e in exercises if _can_run(e) for check in listed(e)}]
    while groups:
        waiting = groups.pop()
        if not waiting:
            continue
        begun, ended, how = _run_apart(waiting, seconds)
        outcomes |= ended
        for key in begun - ended.keys():
            outcomes[key] = Outcome(*key, "crashed", {
                "en": f"It ended the Python process ({how}).", "es": f"Terminó el proceso de Python ({how}).",
            })  # fmt: skip
        left = {key: exercise for key, exercise in waiting.items() if key not in begun}
        if begun:
            groups.append(left)
        elif len(set(waiting.values())) > 1:  # one file that cannot be collected keeps pytest from all of them
            groups += [{key: e for key, e in left.items() if e == one} for one in set(waiting.values())]
        else:
            outcomes |= {key: _uncollected(key) for key in left}
    results = [_result(e, [found for key, found in outcomes.items() if key[0] == e.slug]) for e in exercises]
    return Report(
        clean(exercises[0].root.name, 100), 0, ISOLATION, ISOLATION_MISSING,
        sum(r.score for r in results), sum(r.max_score for r in results),
        round(time.perf_counter() - started, 3), versions(), tuple(results),
    )  # fmt: skip


Keys = set[tuple[str, str]]


def _run_apart(
    waiting: Mapping[tuple[str, str], Exercise], seconds: float
) -> tuple[Keys, dict[tuple[str, str], Outcome], str]:
    """Run checks in another process: those that began, the outcomes of those that ended, and how the process ended."""
    nodes = [f"{exercise.public_checks}::{check}" for (_, check), exercise in waiting.items()]
    root = next(iter(waiting.values())).root
    with tempfile.TemporaryDirectory(prefix="grader-public-") as folder:
        record = Path(folder) / "outcomes"
        record.touch()
        command = [sys.executable, "-m", "pytest", *_options(root)]
        command += [f"--course-seconds={seconds:g}", f"--course-record={record}", *nodes]
        with _no_foreign_plugins():
            try:
                done = subprocess.run(
                    command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    timeout=START_S + seconds * len(waiting), check=False,
                )  # fmt: skip
                how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit {done.returncode}"
            except subprocess.TimeoutExpired:
                how = "stopped at the time limit"
        lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    begun = {(line["slug"], line["check"]) for line in lines} & waiting.keys()
    ended = {(line["slug"], line["check"]): Outcome(**line) for line in lines if "status" in line}
    return begun, {key: outcome for key, outcome in ended.items() if key in begun}, how


def record_line(path: Path, slug: str, check: str, outcome: Outcome | None = None) -> None:
    """Write into the record that a check began, or what came of it. Each line is whole before the next check begins."""
    with path.open("a", encoding="utf-8") as record:
        record.write(json.dumps(asdict(outcome) if outcome else {"slug": slug, "check": check}) + "\n")


def _options(root: Path) -> list[str]:
    return [
        "-c", os.devnull, f"--rootdir={root}", "--import-mode=importlib", "-p", "no:cacheprovider",
        "-p", "grader.student_plugin", "-p", "pytest_timeout",
    ]  # fmt: skip


@contextmanager
def _no_foreign_plugins() -> Iterator[None]:
    """Keep options and plugins that happen to be set or installed out of a pytest session."""
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update({name: value for name, value in before.items() if value is not None})


def _is_handed(exercise: Exercise) -> bool:
    return exercise.stub.exists() or (exercise.stub.parent / exercise.notebook).exists()


def _answer(exercise: Exercise) -> Answer:
    return find_answer(exercise.stub.parent, exercise.module, sum(map(len, exercise.todos.values())))


def _can_run(exercise: Exercise) -> bool:
    return _is_handed(exercise) and _answer(exercise).problem is None


def _uncollected(key: tuple[str, str]) -> Outcome:
    command = f"pytest exercises/{key[0]}"
    return Outcome(*key, "crashed", {
        "en": f"The check could not be collected; see: {command}",
        "es": f"La comprobación no se pudo recoger; mira: {command}",
    })  # fmt: skip


def _complete(exercise: Exercise, outcomes: list[Outcome]) -> list[Outcome]:
    """Return an outcome for every listed check, in the order of the file."""
    found = {outcome.check: outcome for outcome in outcomes}
    return [found.get(check) or _uncollected((exercise.slug, check)) for check in listed(exercise)]


def _result(exercise: Exercise, outcomes: list[Outcome]) -> ExerciseResult:
    titles = listed(exercise)
    answer = _answer(exercise)
    file, note = answer.path.relative_to(exercise.root).as_posix(), joined(*answer.notes)
    if not _is_handed(exercise):
        message = {
            "en": f"{exercise.slug}/{exercise.file} is not there.",
            "es": f"{exercise.slug}/{exercise.file} no está.",
        }
        return _lost(exercise, "missing", message, None, None)
    if answer.problem is not None:
        return _lost(exercise, "unreadable", answer.problem, file, note)
    checks = tuple(
        CheckResult(
            outcome.check, {"en": titles[outcome.check], "es": titles[outcome.check]}, outcome.status,
            int(outcome.status == "passed"), message=outcome.message, function=outcome.function, todo=outcome.todo,
            duration_s=outcome.duration_s, line=outcome.line,
        )
        for outcome in _complete(exercise, outcomes)
    )  # fmt: skip
    note = next((outcome.note for outcome in outcomes if outcome.note is not None), note)
    score = sum(check.score for check in checks)
    status = exercise_status(checks, None)
    return ExerciseResult(
        exercise.slug, exercise.title, status, score, len(checks), checks, file=file, note=note
    )  # fmt: skip


def _lost(
    exercise: Exercise, status: ExerciseStatus, message: Texts, file: str | None, note: Texts | None
) -> ExerciseResult:
    """Return the result of an exercise of which nothing can be run."""
    checks = tuple(
        CheckResult(check, {"en": title, "es": title}, "failed", 0, message=message)
        for check, title in listed(exercise).items()
    )
    return ExerciseResult(
        exercise.slug, exercise.title, status, 0, len(checks), checks, message, file=file, note=note
    )  # fmt: skip
