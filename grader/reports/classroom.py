"""What a runner step hands to GitHub Classroom's reporter: `result=<base64 of JSON>`, appended to `$GITHUB_OUTPUT`.

One runner per exercise and one point per check, because the reporter computes two totals that agree only then: its
table from passed / total × max_score, its points from the sum of the scores
(classroom-resources/autograding-grading-reporter, dist/main.js). Up to 21 checks the two are equal to the last bit.

With one exercise the line is `result=…`. With several, each has a line of its own, `ex04=…` for exercise 04 (an id
without dashes, since the reporter looks for the variable `EX04_RESULTS`), and `runners=ex04,ex08` lists them.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from grader.report import CheckStatus, ExerciseResult, Report, ReportError
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import told

NUMBERED = re.compile(r"(\d\d)_\w+")
MAX_JSON = 60_000  # bytes: as base64 80,000; the reporter's step fails to start near 128 KiB in one variable
MAX_OUTPUTS = 1_000_000  # bytes: what the outputs of one job may hold (GitHub's limit is 1 MB)
MESSAGE_LIMITS = (1000, 300, 100, 0)  # characters; the first at which the JSON fits
STATUS: dict[CheckStatus, str] = {
    "passed": "pass", "failed": "fail", "waiting": "fail", "not_started": "fail",
    "timeout": "error", "crashed": "error", "grader_error": "error",
}  # fmt: skip


def render(report: Report, context: Context) -> str:
    """Return the lines for `$GITHUB_OUTPUT`. Errors: `ReportError` where the contract cannot hold."""
    encoded = {runner_id(e): encode(runner(e, context.language)) for e in report.exercises}
    if not encoded:
        raise ReportError("the classroom format needs at least one exercise")
    if len(encoded) < len(report.exercises):
        raise ReportError("two exercises have one number, so the reporter could not tell them apart; use --exercise")
    if len(encoded) == 1:
        return f"result={next(iter(encoded.values()))}\n"
    text = "".join(f"{name}={value}\n" for name, value in encoded.items()) + f"runners={','.join(encoded)}\n"
    if len(text) > MAX_OUTPUTS:
        raise ReportError("the results are larger than a job's outputs may be; use a step and --exercise for each")
    return text


def runner_id(exercise: ExerciseResult) -> str:
    """Return the id of an exercise's runner: letters and digits only."""
    match = NUMBERED.fullmatch(exercise.slug)
    if match is None:
        raise ReportError(f"{exercise.slug!r} has no number to name its runner after; expected NN_name")
    return f"ex{match[1]}"


def runner(exercise: ExerciseResult, language: str) -> dict[str, Any]:
    """Return the result of one exercise, its messages as long as fits. Errors: `ReportError`."""
    if not exercise.checks:
        raise ReportError(f"{exercise.slug} has no checks: the reporter would divide by zero")
    for limit in MESSAGE_LIMITS:
        result = _runner(exercise, language, limit)
        if len(_dumped(result)) <= MAX_JSON:
            return result
    raise ReportError(f"{exercise.slug} has too many checks for one result of {MAX_JSON} bytes")


def _runner(exercise: ExerciseResult, language: str, limit: int) -> dict[str, Any]:
    tests = [
        {
            "name": escape.log(escape.line(check.title[language], 300)) or check.id,
            "status": STATUS[check.status],
            "score": check.score,
            "message": ""
            if check.status == "passed"
            else escape.log(escape.line(told(check, exercise, language), limit)),
            "test_code": "",  # the reporter prints it on lines of its own, where a workflow command would be obeyed
            "filename": escape.log(escape.line(exercise.file or "", 300)),
            "line_no": 0,  # any other number is printed behind the name
            "duration": check.duration_s,
        }
        for check in exercise.checks
    ]
    statuses = {test["status"] for test in tests}
    unrun = exercise.status in ("unreadable", "grader_error")
    status = "pass" if statuses == {"pass"} else "error" if unrun or "fail" not in statuses else "fail"
    return {"version": 1, "status": status, "max_score": len(tests), "tests": tests}


def encode(result: dict[str, Any]) -> str:
    """Return a result as the reporter expects it: base64 on one line."""
    return base64.b64encode(_dumped(result)).decode("ascii")


def _dumped(result: dict[str, Any]) -> bytes:
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()


FORMAT = Format("classroom", render, appends=True)
