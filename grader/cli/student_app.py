"""The commands that need no solution, and how every command tells an error. A released course has these alone.

In a released course this file is `grader/cli/app.py`.
"""

from __future__ import annotations

import io
import sys
from typing import ClassVar

import typer

from grader.catalogue import CourseError
from grader.checkpoints.cache import CheckpointError
from grader.cli import check, checkpoints, student, swap
from grader.report import ReportError
from grader.swap import SwapError

USAGE, FAULT = 2, 3
HELP = "Exercises on pre-trained transformer models, with checks that you run yourself."


class Application(typer.Typer):
    """A Typer whose errors are one line: wrong usage exits with 2, a fault of the grader or the machine with 3."""

    usage_errors: ClassVar[tuple[type[Exception], ...]] = (CourseError, ReportError, SwapError)
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    faults: ClassVar[tuple[type[Exception], ...]] = (CheckpointError,)

    def __call__(self, *args: object, **kwargs: object) -> object:
        if sys.stdout is None:  # as Python has it where the file descriptor is closed
            print("grader: standard output is closed; send it to a file, or to /dev/null", file=sys.stderr)
            raise SystemExit(USAGE)
        _show_what_fits(sys.stdout)
        _show_what_fits(sys.stderr)
        try:
            return super().__call__(*args, **kwargs)
        except self.usage_errors as error:
            print(f"grader: {error}", file=sys.stderr)
            raise SystemExit(USAGE) from None
        except self.refusals as error:
            print(f"grader: {error}", file=sys.stderr)
            raise SystemExit(FAULT) from None
        except self.faults as error:
            print(f"grader: the grader failed, not the answer: {error}", file=sys.stderr)
            raise SystemExit(FAULT) from None


def _show_what_fits(stream: object) -> None:
    """Make `stream` show a sign that its encoding cannot hold as "?", as consoles of old Windows pages need it."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
        stream.reconfigure(errors="replace")


def add_student_commands(app: typer.Typer) -> None:
    """Give `app` the commands of a student."""
    app.command("list")(student.list_exercises)
    app.command("check")(check.check)
    app.command("reset")(swap.reset)
    app.command("solve")(swap.solve)
    app.command("undo")(swap.undo)
    app.add_typer(checkpoints.app, name="checkpoints")


app = Application(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
add_student_commands(app)
