"""The application object: the commands of instructors and platforms, and those of students."""

from __future__ import annotations

from typing import ClassVar

from grader.authoring.release import ReleaseError
from grader.checkpoints.hub import HubError
from grader.classes.roster import RosterError
from grader.cli import author, batch, checkpoints, demo, doctor, grade, release, student_app, teach, verify
from grader.judge.workers import DeviceMissing, GraderFault, IsolationRefused
from grader.submission import SubmissionError

HELP = "Auto-graded exercises on pre-trained transformer models: for students, instructors and course platforms."


class Application(student_app.Application):
    """The students' application, with the errors of grading."""

    usage_errors: ClassVar[tuple[type[Exception], ...]] = (
        *student_app.Application.usage_errors, SubmissionError, RosterError, DeviceMissing, ReleaseError, HubError,
    )  # fmt: skip
    refusals: ClassVar[tuple[type[Exception], ...]] = (IsolationRefused,)
    faults: ClassVar[tuple[type[Exception], ...]] = (*student_app.Application.faults, GraderFault)


app = Application(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("grade")(grade.grade)
app.command("batch")(batch.batch)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("new")(author.new)
app.command("sync")(author.sync)
app.command("verify")(verify.verify)
app.command("release")(release.release)
student_app.add_student_commands(app)
checkpoints.app.command("try")(demo.try_out)
checkpoints.app.command("teach")(teach.teach)
