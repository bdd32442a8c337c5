"""What was wrong, as annotations on the student's own lines: workflow commands on standard output of GitHub Actions.

GitHub shows ten errors and ten warnings of a step and drops the rest without a word
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands), so the tenth is the last, and a
warning says how many more there are. What is not started or not handed in is no error of a line,
unless a file with another name may have been meant for it.
"""

from __future__ import annotations

from grader.report import CheckResult, ExerciseResult, Report
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import failures, title, told

MAX_ERRORS = 10
MAX_TITLE, MAX_MESSAGE = 200, 2000  # characters
MORE = {
    "en": "{n} more mistakes are not shown here; the whole report has them.",
    "es": "Hay {n} errores más que no se muestran aquí; el informe completo los tiene.",
}
ONE_MORE = {
    "en": "1 more mistake is not shown here; the whole report has it.",
    "es": "Hay 1 error más que no se muestra aquí; el informe completo lo tiene.",
}


def render(report: Report, context: Context) -> str:
    """Return one command per line: the errors that fit, and a warning if there are more."""
    found = [error for exercise in report.exercises for error in _errors(exercise, context.language)]
    more = len(found) - MAX_ERRORS
    if more > 0:
        text = (ONE_MORE if more == 1 else MORE)[context.language].format(n=more)
        return "".join([*found[:MAX_ERRORS], f"::warning::{escape.command_value(text)}\n"])
    return "".join(found)


def _errors(exercise: ExerciseResult, language: str) -> list[str]:
    if exercise.is_untouched:
        return []
    if exercise.message is not None:
        return [_command(exercise, exercise.line, exercise.title[language], exercise.message[language])]
    return [_of_group(exercise, group, language) for group in failures(exercise.checks)]


def _of_group(exercise: ExerciseResult, group: list[CheckResult], language: str) -> str:
    check = group[0]
    return _command(exercise, check.line, title(check, language), told(check, exercise, language))


def _command(exercise: ExerciseResult, line: int | None, heading: str, message: str) -> str:
    properties = []
    if exercise.file is not None:
        properties.append(f"file={escape.command_property(exercise.file)}")
        properties += [f"line={line}"] if line is not None else []
    heading = escape.line(f"{exercise.slug[:2]} · {heading}", MAX_TITLE)
    properties.append(f"title={escape.command_property(heading)}")
    return f"::error {','.join(properties)}::{escape.command_value(escape.lines(message)[:MAX_MESSAGE])}\n"


FORMAT = Format("annotations", render, commands=True)
