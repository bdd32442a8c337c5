"""`result.json` for Classroom 50, by its schema `classroom50/result/v1` (foundation50/classroom50, schemas/).

Its runner checks the file and writes owner, type and times again from what it knows itself; who handed in, and where,
comes from the environment that it sets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from grader.report import Report, ReportError
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import told

VARIABLES = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
# A variable that stands in where the first is not set, as in their runner.
FALLBACKS = {"OWNER": "USERNAME", "REVIEW_URL": "COMMIT_URL"}
TYPES = ("individual", "group", "team")  # `team` is newer than the schema; the runner of late 2026 sets it


def identity(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the keys that say whose result it is. Errors: `ReportError` names each variable that is missing."""
    found = {
        key: environment.get(name, "").strip() or environment.get(FALLBACKS.get(name, ""), "").strip()
        for key, name in VARIABLES.items()
    }
    missing = [VARIABLES[key] for key, value in found.items() if not value]
    if missing:
        raise ReportError(
            f"the classroom50 format needs {', '.join(missing)} in the environment; "
            "Classroom 50's runner sets them, elsewhere set them yourself"
        )
    if found["assignment_type"] not in TYPES:
        raise ReportError(f"ASSIGNMENT_TYPE is {found['assignment_type']!r}; expected one of {', '.join(TYPES)}")
    if not found["submission"].startswith("submit/"):
        raise ReportError(f"SUBMISSION_TAG is {found['submission']!r}; expected submit/…")
    return found


def render(report: Report, context: Context) -> str:
    """Return the whole `result.json`. Errors: `ReportError` names a missing variable."""
    now = context.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    several = len(report.exercises) > 1
    tests = [
        {
            "test-name": escape.line((f"{e.slug[:2]} · " if several else "") + c.title[context.language], 300) or c.id,
            "passed": c.status == "passed",
            "score": c.score,
            "max-score": 1,
            "message": "" if c.status == "passed" else escape.line(told(c, e, context.language), 1000),
        }
        for e in report.exercises
        for c in e.checks
    ]
    result = {
        "schema": "classroom50/result/v1",
        **identity(context.environment),
        "datetime": now,
        "graded_at": now,
        "score": report.score,
        "max-score": report.max_score,
        "tests": tests,
    }
    return escape.json_text(json.dumps(result, ensure_ascii=False, indent=2)) + "\n"


def ready(context: Context) -> None:
    """Find out what is missing before anything is graded."""
    identity(context.environment)


FORMAT = Format("classroom50", render, ready)
