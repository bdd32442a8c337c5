"""The command `grader check`: the public checks, as a report in every format."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from grader import public
from grader.catalogue import load_course, select
from grader.cli import checkpoints
from grader.reports import json_report, terminal

BELOW = 1


def check(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG]...", help="Exercises, by name or number; all without.")
    ] = None,
    lang: Annotated[Literal["en", "es"], typer.Option(help="Language of the report.")] = "en",
    format: Annotated[Literal["text", "json"], typer.Option(help="Format of the report.")] = "text",
    output: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
    fail_under: Annotated[float | None, typer.Option(min=0, max=100, help="Exit 1 below this percentage.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Limit of one check.")] = public.SECONDS_PER_CHECK,
) -> None:
    """Run the public checks of your files and report them; they are for you, a grade is made elsewhere."""
    exercises = select(load_course(), slugs or [])
    checkpoints.ensure()
    report = public.run(exercises, seconds)
    with output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout) as target:
        if format == "json":
            target.write(json_report.render(report) + "\n")
        else:
            Console(file=target).print(terminal.feedback(report, lang))
    if fail_under is not None and report.percent < fail_under:
        raise typer.Exit(BELOW)
