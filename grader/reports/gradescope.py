"""`results.json` for Gradescope (https://gradescope-autograders.readthedocs.io/en/latest/specs/).

What a student sees there follows `--reveal`: `none` shows names and points, without any output; `category` and `gap`
show what they disclose; `full` is for instructors, so all of it is hidden from students. What was printed on standard
output is never shown.
"""

from __future__ import annotations

import json
from typing import Any

from grader.report import CheckResult, ExerciseResult, Report
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import STATUS, told

MAX_OUTPUT = 4000  # characters
VISIBILITY = {"none": "visible", "category": "visible", "gap": "visible", "full": "hidden"}
FAULT = {
    "en": "The grader failed, not the answer: these points can change once it is graded again.",
    "es": "Falló el corrector, no la respuesta: estos puntos pueden cambiar al corregir de nuevo.",
}


def render(report: Report, context: Context) -> str:
    """Return the whole `results.json`."""
    visibility = VISIBILITY[report.reveal]
    result: dict[str, Any] = {
        "score": report.score,
        "execution_time": round(report.duration_s),
        "output": _summary(report, context.language),
        "output_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": [
            _test(exercise, check, report, context.language)
            for exercise in report.exercises
            for check in exercise.checks
        ],
    }
    return escape.json_text(json.dumps(result, ensure_ascii=False, indent=2)) + "\n"


def _test(exercise: ExerciseResult, check: CheckResult, report: Report, language: str) -> dict[str, Any]:
    silent = report.reveal == "none" or check.status == "passed"
    return {
        "name": escape.line(f"{exercise.slug[:2]} · {check.title[language]}", 300),
        "name_format": "text",
        "score": check.score,
        "max_score": 1,
        "status": "passed" if check.status == "passed" else "failed",
        "output": "" if silent else escape.lines(told(check, exercise, language))[:MAX_OUTPUT],
        "output_format": "text",
        "visibility": VISIBILITY[report.reveal],
        "tags": [exercise.slug],
    }


def _summary(report: Report, language: str) -> str:
    lines = [] if not report.has_fault else [FAULT[language]]
    for exercise in report.exercises:
        status = "" if exercise.status == "graded" else f"  {STATUS[language][exercise.status]}"
        lines.append(f"{exercise.slug}  {exercise.score}/{exercise.max_score}{status}")
        said = [text for text in (exercise.note, exercise.message) if text is not None and report.reveal != "none"]
        lines += [f"    {escape.line(text[language])}" for text in said]
    return "\n".join(lines)


FORMAT = Format("gradescope", render)
