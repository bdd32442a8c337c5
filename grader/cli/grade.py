"""The command that grades one submission: `grader grade`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, cast

import typer
from rich.console import Console

from grader.batch import grade_submissions
from grader.catalogue import Exercise, load_course, select
from grader.checkpoints import hub
from grader.cli import checkpoints
from grader.cli.telling import progress
from grader.isolation import IsolationLevel
from grader.judge.workers import Limits
from grader.report import Level
from grader.reports.format import Context
from grader.reports.formats import FORMATS, destinations, write
from grader.submission import SubmissionError, read_submission

BELOW, FAULT = 1, 3

Language = Annotated[Literal["en", "es"], typer.Option(help="Language of the feedback.")]
Exercises = Annotated[list[str] | None, typer.Option(help="Grade this exercise only; can be repeated.")]
Seed = Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Seed of the hidden inputs; drawn without it.")]
Reveal = Annotated[Level, typer.Option(help="How much the feedback discloses.")]
CallSeconds = Annotated[float, typer.Option(min=0.1, help="Wall-clock limit of one call.")]
ImportSeconds = Annotated[float, typer.Option(min=0.1, help="Wall-clock limit of importing a module.")]

Most = Annotated[
    Literal["auto", "partial", "process"], typer.Option("--isolation", help="The most isolation to use; auto: all.")
]
Required = Annotated[
    IsolationLevel, typer.Option("--require-isolation", help="Refuse to grade, with exit code 3, where there is less.")
]


def most(isolation: str) -> IsolationLevel:
    """Return the level that `--isolation` allows."""
    return "full" if isolation == "auto" else cast(IsolationLevel, isolation)


def grade(
    path: Annotated[
        Path, typer.Argument(help="A repository, an exercises/ folder, one exercise folder, or one .py file.")
    ],
    exercise: Exercises = None,
    seed: Seed = None,
    reveal: Reveal = "gap",
    lang: Language = "en",
    format: Annotated[str, typer.Option(help=f"Format of the report: {', '.join(FORMATS)}.")] = "text",
    output: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=FILE", help="Write the report in this format too; can be repeated."),
    ] = None,
    fail_under: Annotated[float | None, typer.Option(min=0, max=100, help="Exit 1 below this percentage.")] = None,
    device: Annotated[
        Literal["cpu", "cuda"],
        typer.Option(
            help="Where student code runs; with cuda, checks that need a GPU count too. Results are compared "
            "with those of the CPU. The memory limit is not kept on cuda."
        ),
    ] = "cpu",
    call_seconds: CallSeconds = Limits.call_s,
    import_seconds: ImportSeconds = Limits.import_s,
    isolation: Most = "auto",
    require_isolation: Required = Limits.require,
    models: Annotated[
        Literal["twins", "hub"],
        typer.Option("--checkpoints", help="The tiny twins, or the hub's real models (which need a network once)."),
    ] = "twins",
) -> None:
    """Grade one submission with the hidden suites."""
    exercises = select(load_course(), exercise or [])
    try:
        submission = read_submission(path, exercises, every=bool(exercise))
    except OSError as error:
        raise SubmissionError(f"{error.filename or path} cannot be read: {error.strerror}; make it readable") from None
    places = destinations(format, output, also or [])
    console = Console()
    context = Context(lang, os.environ, width=console.width, color=console.is_terminal and output is None)
    for place in places:
        place.format.ready(context)
    checkpoints.ensure()
    limits = Limits(import_seconds, call_seconds, device=device, isolation=most(isolation), require=require_isolation)
    if models == "hub":
        limits = with_real_models(limits, [e for e in exercises if e.slug in submission.exercises])
    with progress() as tell:
        (report,) = grade_submissions([submission], exercises, reveal, seed, limits, progress=tell)
    write(report, places, context)
    if report.has_fault:
        raise typer.Exit(FAULT)
    if fail_under is not None and report.percent < fail_under:
        raise typer.Exit(BELOW)


def with_real_models(limits: Limits, exercises: Sequence[Exercise]) -> Limits:
    """Fetch the hub's models that `exercises` name, and return the limits that they need. Errors: `HubError`."""
    texts = [path.read_text(encoding="utf-8") for e in exercises for path in (e.suite, e.solution, e.public_checks)]
    names = {*hub.named_in(*texts), *(name for exercise in exercises for name in exercise.checkpoints)}
    console = Console(stderr=True)
    hub.fetch(names, lambda name, done, total: console.print(f"real models: {name} ({done} of {total})", style="dim"))
    return replace(
        limits, checkpoints="hub", memory_mib=max(limits.memory_mib, hub.MEMORY_MIB),
        call_s=max(limits.call_s, hub.CALL_S), import_s=max(limits.import_s, hub.IMPORT_S),
    )  # fmt: skip
