"""The report model that every output format is a projection of (`grader/report/v1`)."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, TypeVar

from grader.texts import Texts

SCHEMA = "grader/report/v1"
CheckStatus = Literal["passed", "failed", "waiting", "not_started", "timeout", "crashed", "grader_error"]
ExerciseStatus = Literal["graded", "not_started", "missing", "unreadable", "grader_error"]
Level = Literal["none", "category", "gap", "full"]
T = TypeVar("T")


class ReportError(Exception):
    """A report cannot be read, or does not fit the format that is asked for. The message is one line."""


@dataclass(frozen=True)
class CheckResult:
    """One check of one submission. `message` and `mistake` follow the level of disclosure; `duration_s` in seconds.

    `line` is where to look in the exercise's `file`: the line that raised, else the TODO, else the function.
    """

    id: str
    title: Texts
    status: CheckStatus
    score: int
    mistake: str | None = None
    message: Texts | None = None
    function: str | None = None
    todo: int | None = None
    waits_for: str | None = None
    duration_s: float = 0.0
    line: int | None = None


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission; `message` says why there is nothing to grade, where that is so.

    `needs_gpu` is the number of further checks that are part of the suite on a CUDA device only, and were not run.
    `output` is what student code printed: for the instructor, never shown beside hidden checks. `file` is the module
    that was handed in, relative to its repository; of what is missing, the file that may have been meant. `line` is
    there where the module could not be run. `note` is what else the student should know: which of two files counts,
    what of a notebook was ignored, where the module stopped.
    """

    slug: str
    title: Texts
    status: ExerciseStatus
    score: int
    max_score: int
    checks: tuple[CheckResult, ...]
    message: Texts | None = None
    output: str | None = None
    needs_gpu: int = 0
    file: str | None = None
    line: int | None = None
    note: Texts | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether no step is written, or no file is there that could be meant for it."""
        return self.status == "not_started" or (self.status == "missing" and self.file is None)


@dataclass(frozen=True)
class Report:
    """One submission.

    `device` is where the models and inputs of student code were; the reference is on the CPU. `reveal` is the level of
    disclosure that its messages were made for.
    """

    submission: str
    seed: int
    isolation: str
    isolation_missing: tuple[str, ...]
    score: int
    max_score: int
    duration_s: float
    versions: dict[str, str]
    exercises: tuple[ExerciseResult, ...]
    device: str = "cpu"
    reveal: Level = "gap"
    schema: str = field(default=SCHEMA)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the JSON object of the format, `schema` first."""
        return {"schema": self.schema, **asdict(self)}

    @property
    def percent(self) -> float:
        return 100 * self.score / self.max_score if self.max_score else 0.0

    @property
    def has_fault(self) -> bool:
        """Whether the grader itself failed anywhere."""
        return any(exercise.status == "grader_error" for exercise in self.exercises) or any(
            check.status == "grader_error" for exercise in self.exercises for check in exercise.checks
        )


def exercise_status(checks: Sequence[CheckResult], message: Texts | None) -> ExerciseStatus:
    """Return what became of an exercise as a whole; `message` is there where its module could not be run."""
    statuses = {check.status for check in checks}
    if "grader_error" in statuses:
        return "grader_error"
    if message is not None:
        return "unreadable"
    return "not_started" if statuses <= {"not_started", "waiting"} else "graded"


def versions() -> dict[str, str]:
    """Return the versions that a grade depends on, without importing torch."""
    found = {
        "grader": importlib.metadata.version("pretrained-transformers-course"),
        "python": platform.python_version(),
    }
    return found | {name: importlib.metadata.version(name) for name in ("torch", "transformers")}


def read_report(data: Any) -> Report:
    """Return the report that `as_dict` gave, read back from JSON; keys of later versions are left out.

    Errors: `ReportError` names what is missing.
    """
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ReportError(f"it is no {SCHEMA}")
    try:
        exercises = tuple(
            _of(ExerciseResult, each, checks=tuple(_of(CheckResult, check) for check in each["checks"]))
            for each in data["exercises"]
        )
        return _of(Report, data, exercises=exercises, isolation_missing=tuple(data["isolation_missing"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"it is no whole {SCHEMA}: {error}") from None


def _of(kind: type[T], data: Mapping[str, Any], **made: Any) -> T:
    known = {name: data[name] for name in (f.name for f in fields(kind)) if name in data}  # type: ignore[arg-type]
    return kind(**(known | made))
