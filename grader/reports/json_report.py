"""The report as JSON, the model that every other format projects."""

from __future__ import annotations

import json

from grader.report import Report
from grader.reports import escape
from grader.reports.format import Context, Format


def render(report: Report, context: Context | None = None) -> str:  # noqa: ARG001
    """Return the report as indented JSON."""
    return escape.json_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2)) + "\n"


FORMAT = Format("json", render)
