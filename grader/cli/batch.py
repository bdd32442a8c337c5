"""The command `grader batch`: an instructor's own grading of a whole class."""

from __future__ import annotations

import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from grader.batch import grade_class
from grader.catalogue import load_course, select
from grader.classes.grades import HEADINGS, lists
from grader.classes.layouts import find
from grader.classes.plan import make_plan, read_deadline
from grader.classes.results import Results, Settings, earlier, finished
from grader.classes.roster import read_roster
from grader.cli import checkpoints
from grader.cli.grade import FAULT, CallSeconds, Exercises, ImportSeconds, Language, Most, Required, Reveal, Seed, most
from grader.cli.telling import progress
from grader.judge.workers import Limits
from grader.report import ReportError, versions
from grader.reports import escape, terminal

INTERRUPTED = 130  # as shells say it of a program that Ctrl-C ended
WORDS = {
    "en": {"results": "grades and feedback: {folder}/", "stopped": "stopped after {n} of {all}; go on with --resume"},
    "es": {"results": "notas y comentarios: {folder}/", "stopped": "detenido tras {n} de {all}; sigue con --resume"},
}


def batch(
    folder: Annotated[Path, typer.Argument(help="The folder that holds the submissions: clones, folders or files.")],
    roster: Annotated[
        Path | None, typer.Option(help="The class list, as CSV of GitHub Classroom or Classroom 50.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for grades and feedback.")] = Path("reports/class"),
    exercise: Exercises = None,
    seed: Seed = None,
    reveal: Reveal = "gap",
    lang: Language = "en",
    deadline: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="List later commits as late: 2026-12-01 (its end) or 2026-12-01T10:00+01:00."),
    ] = None,
    assignment: Annotated[str | None, typer.Option(help="Name of the assignment; clones begin with it.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped, with its seed.")] = False,
    call_seconds: CallSeconds = Limits.call_s,
    import_seconds: ImportSeconds = Limits.import_s,
    isolation: Most = "auto",
    require_isolation: Required = Limits.require,
) -> None:
    """Grade a class with one seed: grades.csv, feedback for each student, and who needs a second look."""
    exercises = select(load_course(), exercise or [])
    students = read_roster(roster) if roster is not None else []
    usernames = [student.username for student in students if student.username]
    found = find(folder, exercises, assignment, usernames, results=out)
    plan = make_plan(found, students, _deadline(deadline))
    state = _earlier(out, resume)
    chosen = _seed(out, state, seed)
    settings = Settings(chosen, reveal, tuple(e.slug for e in exercises))
    if state and (state.get("reveal"), state.get("exercises")) != (reveal, list(settings.exercises)):
        raise ReportError(f"{out} was graded with other exercises or another --reveal; give the same, or another --out")
    results = Results(out, plan, settings, lang)
    limits = Limits(import_seconds, call_seconds, isolation=most(isolation), require=require_isolation)
    checkpoints.ensure()
    try:
        with progress() as tell:
            done = finished(out, state, versions()) if state else {}
            grade_class(results, exercises, reveal, limits, done, tell)
    except KeyboardInterrupt:
        text = WORDS[lang]["stopped"].format(n=len(results.reports), all=len(plan.handins))
        print(f"grader: {text}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    _tell(results, lang)
    if any(report.has_fault for report in results.reports.values()):
        raise typer.Exit(FAULT)


def _deadline(text: str | None) -> datetime | None:
    try:
        return read_deadline(text) if text is not None else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date such as 2026-12-01T23:59", param_hint="--deadline") from None


def _earlier(out: Path, resume: bool) -> dict[str, Any] | None:
    """Return the state to go on with, or None for a new run."""
    state = earlier(out)
    if state is not None and not resume:
        raise ReportError(f"{out} holds the results of a run; go on with --resume, or choose another --out")
    if state is None and resume:
        raise ReportError(f"{out} holds no run to go on with; leave --resume out")
    return state


def _seed(out: Path, state: dict[str, Any] | None, seed: int | None) -> int:
    """Return the seed of the class: of the run that goes on, else as asked for, else drawn."""
    if state is None:
        return secrets.randbelow(2**32) if seed is None else seed
    known: int = state["seed"]
    if seed not in (None, known):
        raise ReportError(f"{out} was graded with --seed {known}; leave --seed out, or choose another --out")
    return known


def _tell(results: Results, lang: Language) -> None:
    console = Console(width=None if sys.stdout.isatty() else 130)
    counted = [results.reports[handin.folder] for handin in results.plan.handins if handin.counts]
    console.print(terminal.class_table(counted, lang))
    for kind, names in lists(results.plan, results.reports).items():
        shown = escape.log(escape.line(", ".join(names), 2000))
        console.print(Text.assemble((f"{HEADINGS[lang][kind]}: ", "bold"), shown))
    console.print(Text(WORDS[lang]["results"].format(folder=escape.line(str(results.folder)))))
