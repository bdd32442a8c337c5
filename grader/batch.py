"""Grades submissions, one or a whole class, in one judge session with one seed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.catalogue import Exercise
from grader.judge.facts import Level
from grader.judge.grade import Judge
from grader.judge.runner import SuiteRunner, run_suites
from grader.judge.workers import Limits, Workshop
from grader.report import Report
from grader.submission import Submission, read_submission

Progress = Callable[[str, str], None]


def grade_submissions(
    submissions: Sequence[Submission],
    exercises: Sequence[Exercise],
    level: Level = "gap",
    seed: int | None = None,
    limits: Limits | None = None,
    start: str | None = None,
    progress: Progress | None = None,
    finished: Callable[[Report], None] | None = None,
) -> list[Report]:
    """Return the report of each submission. One seed serves all; without one it is drawn, and the reports state it.

    `progress` is told submission and exercise as each begins; `finished` gets each report as soon as it is whole, so
    that what was graded is kept whatever happens next. The device of `limits` serves all of them too: checks that need
    a GPU are part of every suite of a run on CUDA and of none elsewhere, so that points are equal for a class. Errors:
    `GraderFault`, `CourseError`; `DeviceMissing` before anything is graded.
    """
    chosen = [e for e in exercises if any(e.slug in submission.exercises for submission in submissions)]
    seed = secrets.randbelow(2**32) if seed is None else seed
    checkpoints = [name for exercise in chosen for name in exercise.checkpoints]

    def grade(runner: SuiteRunner) -> list[Report]:
        judge = Judge(chosen, runner, shop, seed)
        reports = []
        for submission in submissions:
            tell = (lambda slug, name=submission.name: progress(name, slug)) if progress else None
            reports.append(judge.grade(submission, level, progress=tell))
            if finished is not None:
                finished(reports[-1])
        return reports

    with Workshop(checkpoints, limits, start) as shop:
        if shop.limits.device != "cpu":
            shop.hire(device=shop.limits.device).end()
        return run_suites(chosen, grade, shop.limits.device)


def read_class(folder: Path, exercises: Sequence[Exercise]) -> list[Submission]:
    """Return the submission in each folder of `folder`, by name."""
    return [read_submission(path, exercises) for path in sorted(folder.iterdir()) if path.is_dir()]
