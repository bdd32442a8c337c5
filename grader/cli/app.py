"""The application object, what all commands share, and the list of commands."""

from __future__ import annotations

import sys

import typer

from grader.catalogue import CourseError
from grader.checkpoints.cache import CheckpointError
from grader.classes.roster import RosterError
from grader.cli import author, batch, checkpoints, doctor, grade, student, verify
from grader.judge.workers import DeviceMissing, GraderFault, IsolationRefused
from grader.report import ReportError
from grader.submission import SubmissionError

USAGE, FAULT = 2, 3
HELP = "Auto-graded exercises on pre-trained transformer models: for students, instructors and course platforms."


class Application(typer.Typer):
    """A Typer whose errors are one line: wrong usage exits with 2, a fault of the grader or the machine with 3."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        try:
            return super().__call__(*args, **kwargs)
        except (SubmissionError, CourseError, ReportError, RosterError, DeviceMissing) as error:
            print(f"grader: {error}", file=sys.stderr)
            raise SystemExit(USAGE) from None
        except IsolationRefused as error:
            print(f"grader: {error}", file=sys.stderr)
            raise SystemExit(FAULT) from None
        except (GraderFault, CheckpointError) as error:
            print(f"grader: the grader failed, not the answer: {error}", file=sys.stderr)
            raise SystemExit(FAULT) from None


app = Application(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("grade")(grade.grade)
app.command("batch")(batch.batch)
app.command("demo")(grade.demo)
app.command("doctor")(doctor.doctor)
app.command("list")(student.list_exercises)
app.command("new")(author.new)
app.command("sync")(author.sync)
app.command("verify")(verify.verify)
app.add_typer(checkpoints.app, name="checkpoints")
