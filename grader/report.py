"""The report model that every output format is a projection of (`grader/report/v1`)."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from grader.texts import Texts

SCHEMA = "grader/report/v1"
CheckStatus = Literal["passed", "failed", "waiting", "not_started", "timeout", "crashed", "grader_error"]
ExerciseStatus = Literal["graded", "not_started", "missing", "unreadable", "grader_error"]


@dataclass(frozen=True)
class CheckResult:
    """One check of one submission. `message` and `mistake` follow the level of disclosure; `duration_s` in seconds."""

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


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission; `message` says why there is nothing to grade, where that is so.

    `needs_gpu` is the number of further checks that are part of the suite on a CUDA device only, and were not run.
    `output` is what student code printed: for the instructor, never shown beside hidden checks. `note` says which of
    two files counts, and what of a notebook was ignored.
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
    note: Texts | None = None


@dataclass(frozen=True)
class Report:
    """One submission. `device` is where the models and inputs of student code were; the reference is on the CPU."""

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
