"""The command `grader check`: the public checks, as a report in every format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from grader import public
from grader.catalogue import load_course, select
from grader.cli import checkpoints
from grader.reports.format import Context
from grader.reports.formats import FORMATS, destinations, write

BELOW = 1


def check(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG]...", help="Exercises, by name or number; all without.")
    ] = None,
    lang: Annotated[Literal["en", "es"], typer.Option(help="Language of the report.")] = "en",
    format: Annotated[str, typer.Option(help=f"Format of the report: {', '.join(FORMATS)}.")] = "text",
    output: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=FILE", help="Write the report in this format too; can be repeated."),
    ] = None,
    fail_under: Annotated[float | None, typer.Option(min=0, max=100, help="Exit 1 below this percentage.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Limit of one check.")] = public.SECONDS_PER_CHECK,
) -> None:
    """Run the public checks of your files and report them; they are for you, a grade is made elsewhere."""
    exercises = select(load_course(), slugs or [])
    places = destinations(format, output, also or [])
    console = Console()
    context = Context(lang, os.environ, width=console.width, color=console.is_terminal and output is None)
    for place in places:
        place.format.ready(context)
    checkpoints.ensure()
    report = public.run(exercises, seconds)
    write(report, places, context)
    if fail_under is not None and report.percent < fail_under:
        raise typer.Exit(BELOW)
