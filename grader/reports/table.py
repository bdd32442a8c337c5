"""The report as CSV, one row per check, for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from grader.report import Report
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import told

COLUMNS = (
    "submission", "exercise", "check", "status", "score", "max_score", "mistake", "function", "todo", "file", "line",
    "title", "message",
)  # fmt: skip


def render(report: Report, context: Context) -> str:
    """Return the table with its heading; lines end in "\\r\\n" (RFC 4180)."""
    rows = [
        (
            report.submission, exercise.slug, check.id, check.status, check.score, 1, check.mistake, check.function,
            check.todo, exercise.file, check.line or exercise.line, check.title[context.language],
            "" if check.status == "passed" else told(check, exercise, context.language),
        )
        for exercise in report.exercises
        for check in exercise.checks
    ]  # fmt: skip
    return written(COLUMNS, rows)


def written(columns: tuple[str, ...], rows: Sequence[tuple[str | int | None, ...]]) -> str:
    """Return a CSV table; text is guarded against formulas, numbers stay, None is empty."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if v is None else v if isinstance(v, int) else escape.cell(v) for v in row])
    return target.getvalue()


FORMAT = Format("csv", render)
