"""The report as JSON, the model that every other format projects."""

from __future__ import annotations

import json

from grader.report import Report


def render(report: Report) -> str:
    """Return the report as indented JSON."""
    return json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
