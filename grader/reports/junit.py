"""The report as JUnit XML, which CI systems show as tests: one suite per exercise, one case per check.

What is not passed is a failure, what ended or hung the process an error, and what waits for a failed check is skipped:
it says nothing new, and the check that it waits for has failed in the same suite.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from grader.report import CheckResult, ExerciseResult, Report
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import told

KIND = {
    "failed": "failure", "not_started": "failure", "waiting": "skipped",
    "timeout": "error", "crashed": "error", "grader_error": "error",
}  # fmt: skip


def render(report: Report, context: Context) -> str:
    """Return the XML document."""
    suites = ET.Element("testsuites", {"name": escape.xml(report.submission), **_counts(report.exercises)})
    suites.set("time", f"{report.duration_s:.3f}")
    for exercise in report.exercises:
        suite = ET.SubElement(suites, "testsuite", {"name": escape.xml(exercise.slug), **_counts([exercise])})
        suite.set("time", f"{sum(check.duration_s for check in exercise.checks):.3f}")
        for check in exercise.checks:
            _case(suite, exercise, check, context.language)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _counts(exercises: Sequence[ExerciseResult]) -> dict[str, str]:
    kinds = [KIND.get(check.status) for exercise in exercises for check in exercise.checks]
    return {
        "tests": str(len(kinds)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
    }


def _case(suite: ET.Element, exercise: ExerciseResult, check: CheckResult, language: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=escape.xml(exercise.slug), name=escape.xml(check.id))
    case.set("time", f"{check.duration_s:.3f}")
    if exercise.file is not None:
        case.set("file", escape.xml(exercise.file))
        line = check.line or exercise.line
        if line is not None:
            case.set("line", str(line))
    if check.status == "passed":
        return
    text = escape.xml(told(check, exercise, language))
    title = escape.xml(check.title[language])
    outcome = ET.SubElement(case, KIND[check.status], message=escape.line(f"{title} {text}", 500))
    if check.status != "waiting":
        outcome.set("type", check.mistake or check.status)
        outcome.text = f"{title}\n{text}"


FORMAT = Format("junit", render)
