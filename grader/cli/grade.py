"""Commands that grade: `grader grade` and `grader demo`."""

from __future__ import annotations

import secrets
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from grader.catalogue import Exercise, load_course, select
from grader.checkpoints import cache
from grader.judge.facts import Level
from grader.judge.grade import Judge
from grader.judge.runner import SuiteRunner, run_suites
from grader.judge.workers import Workshop
from grader.reports import json_report, terminal
from grader.submission import read_submission

BELOW, FAULT = 1, 3


def grade(
    path: Annotated[Path, typer.Argument(help="A repository, an exercises/ folder, one exercise folder, or one .py file.")],
    exercise: Annotated[list[str] | None, typer.Option(help="Grade this exercise only; can be repeated.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Seed of the hidden inputs; drawn without it.")] = None,
    reveal: Annotated[Level, typer.Option(help="How much the feedback discloses.")] = "gap",
    lang: Annotated[Literal["en", "es"], typer.Option(help="Language of the feedback.")] = "en",
    format: Annotated[Literal["text", "json"], typer.Option(help="Format of the report.")] = "text",
    output: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
    fail_under: Annotated[float | None, typer.Option(min=0, max=100, help="Exit 1 below this percentage.")] = None,
) -> None:
    """Grade one submission with the hidden suites."""
    exercises = select(load_course(), exercise or [])
    submission = read_submission(path, exercises)
    chosen = [e for e in exercises if e.slug in submission.exercises]
    seed = secrets.randbelow(2**32) if seed is None else seed
    cache.ensure()

    with Workshop([name for e in chosen for name in e.checkpoints]) as shop:
        report = run_suites(chosen, lambda runner: Judge(chosen, runner, shop, seed).grade(submission, reveal))
    with output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout) as target:
        if format == "json":
            target.write(json_report.render(report) + "\n")
        else:
            Console(file=target, soft_wrap=False).print(terminal.feedback(report, lang))
    if report.has_fault:
        raise typer.Exit(FAULT)
    if fail_under is not None and report.percent < fail_under:
        raise typer.Exit(BELOW)


def demo() -> None:
    """Grade a small sample class."""
