"""Commands that show the course at work: `grader demo` and `grader checkpoints try`. A released course has neither."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from grader.batch import grade_submissions, read_class
from grader.catalogue import ROOT, load_course
from grader.checkpoints import cache
from grader.cli import checkpoints
from grader.cli.grade import FAULT, Language
from grader.cli.telling import progress
from grader.judge.workers import Limits
from grader.report import Report
from grader.reports import json_report, terminal

SAMPLE_CLASS = Path(__file__).parent.parent / "sample_class"
SAMPLE_SEED = 20261123
SHOWN = "bruno_two_mistakes"


def demo(
    output: Annotated[Path, typer.Option(help="Folder for the JSON reports.")] = Path("reports/demo"),
    lang: Language = "en",
) -> None:
    """Grade the sample class: one table, one student's whole feedback, the JSON reports, and what the twins answer."""
    course = load_course()
    slugs = {path.name for path in SAMPLE_CLASS.glob("*/*/")}
    exercises = [exercise for slug, exercise in course.items() if slug in slugs]
    submissions = read_class(SAMPLE_CLASS, exercises)
    checkpoints.ensure()
    output.mkdir(parents=True, exist_ok=True)

    def keep(report: Report) -> None:
        (output / f"{report.submission}.json").write_text(json_report.render(report), encoding="utf-8")

    limits = Limits(import_s=5, call_s=2)
    with progress() as tell:
        reports = grade_submissions(submissions, exercises, "gap", SAMPLE_SEED, limits, progress=tell, finished=keep)
    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(terminal.class_table(reports, lang))
    shown = next(report for report in reports if report.submission == SHOWN)
    console.rule(shown.submission, align="left")
    console.print(terminal.feedback(shown, lang))
    console.rule("what the tiny checkpoints answer", align="left")
    console.print(answers())
    folder = output.absolute()
    console.print(f"\n{len(reports)} reports: {folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder}/")
    if any(report.has_fault for report in reports):
        raise typer.Exit(FAULT)


def try_out() -> None:
    """Show what the taught checkpoints answer, the lesson's own inputs among them."""
    checkpoints.ensure()
    Console(width=None if sys.stdout.isatty() else 110).print(answers())


def answers() -> Table:
    """Return a table of inputs and the answers of the taught checkpoints, which must be built."""
    done = subprocess.run(
        # -P: nothing is imported from where a student happens to stand.
        [sys.executable, "-P", "-m", "grader.authoring.showcase"],
        env={**os.environ, **cache.environment()},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.strip().rpartition("\n")[2]
        raise cache.CheckpointError(f"the taught checkpoints do not answer: {last}")
    table = Table("task", "input", "answer", box=box.SIMPLE_HEAD, pad_edge=False)
    for line in done.stdout.splitlines():
        table.add_row(*json.loads(line))
    return table
