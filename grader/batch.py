"""Grades submissions, one or a whole class, in one judge session with one seed."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from grader.catalogue import Exercise
from grader.classes import layouts
from grader.classes.plan import HandIn
from grader.classes.results import Key, Results, key
from grader.judge.facts import Level
from grader.judge.grade import Judge
from grader.judge.runner import SuiteRunner, run_suites
from grader.judge.workers import Limits, Workshop
from grader.report import Report
from grader.submission import Submission, read_submission

Progress = Callable[[str, str], None]


def grade_submissions(
    submissions: Iterable[Submission],
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
    that what was graded is kept whatever happens next. An iterator is read one by one, each submission when its turn
    comes. The device of `limits` serves all of them too: checks that need a GPU are part of every suite of a run on
    CUDA and of none elsewhere, so that points are equal for a class. Errors: `GraderFault`, `CourseError`;
    `DeviceMissing` and `IsolationRefused` before anything is graded.
    """
    chosen = list(exercises)
    if isinstance(submissions, Sequence):
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
        if shop.limits.require != "process":
            shop.settle()
        if shop.limits.device != "cpu":
            shop.hire(device=shop.limits.device).end()
        return run_suites(chosen, grade, shop.limits.device)


def grade_class(
    results: Results,
    exercises: Sequence[Exercise],
    level: Level,
    limits: Limits | None = None,
    done: dict[Key, Report] | None = None,
    progress: Progress | None = None,
) -> None:
    """Grade every submission of the plan of `results`, and write what belongs to each as soon as it is graded.

    `done` are reports of an earlier run that hold as they are. Errors: `GraderFault`, `CourseError`, `ReportError`.
    """
    todo: list[HandIn] = []
    for handin in results.plan.handins:
        digest = layouts.digest(layouts.read(handin.entry, exercises))
        report = (done or {}).get(key(handin, digest))
        if report is None:
            todo.append(handin)
        else:
            results.keep(handin, digest, report)
    results.write()
    if not todo:
        return
    turns: deque[tuple[HandIn, str]] = deque()

    def submissions() -> Iterator[Submission]:
        for handin in todo:
            submission = layouts.read(handin.entry, exercises)
            turns.append((handin, layouts.digest(submission)))
            yield submission

    def keep(report: Report) -> None:
        results.keep(*turns.popleft(), report)

    grade_submissions(submissions(), exercises, level, results.settings.seed, limits, progress=progress, finished=keep)


def read_class(folder: Path, exercises: Sequence[Exercise]) -> list[Submission]:
    """Return the submission in each folder of `folder`, by name."""
    return [read_submission(path, exercises) for path in sorted(folder.iterdir()) if path.is_dir()]
