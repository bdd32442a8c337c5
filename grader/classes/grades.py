"""The class as tables: `grades.csv` in GitHub Classroom's columns, and who is late, missing, double or unknown."""

from __future__ import annotations

from collections.abc import Mapping

from grader.classes.plan import HandIn, Plan
from grader.classes.roster import Student
from grader.report import Report
from grader.reports import escape
from grader.reports.table import written

# As `gh classroom assignment-grades` writes them (github/gh-classroom, cmd/gh-classroom/assignment-grades).
COLUMNS = (
    "assignment_name", "assignment_url", "starter_code_url", "github_username", "roster_identifier",
    "student_repository_name", "student_repository_url", "submission_timestamp", "points_awarded", "points_available",
)  # fmt: skip
HEADINGS = {
    "en": {
        "late": "Late",
        "missing": "Nothing handed in",
        "duplicate": "Handed in more than once; not counted",
        "unknown": "Not on the roster",
        "unreadable": "Nothing could be read",
        "fault": "The grader failed; points left open",
        "timeless": "Time unknown, so not checked against the deadline",
        "ignored": "Ignored",
    },
    "es": {
        "late": "Con retraso",
        "missing": "Sin entrega",
        "duplicate": "Entregado más de una vez; no cuenta",
        "unknown": "No está en la lista",
        "unreadable": "No se pudo leer nada",
        "fault": "Falló el corrector; puntos pendientes",
        "timeless": "Hora desconocida; no se comparó con el plazo",
        "ignored": "Sin tener en cuenta",
    },
}
Reports = Mapping[str, Report]


def grades(plan: Plan, reports: Reports) -> str:
    """Return `grades.csv`: a line for each student of the roster, then for each submission that it does not know.

    Who handed in nothing has 0 points; where the grader itself failed, or has not come to it yet, the points are empty.
    """
    available = next((report.max_score for report in reports.values()), None)
    counting = {id(h.student): h for h in plan.handins if h.counts and h.student is not None}
    rows = [_row(plan, student, counting.get(id(student)), reports, available) for student in plan.students]
    rows += [_row(plan, None, h, reports, available) for h in plan.handins if h.counts and h.student is None]
    return written(COLUMNS, rows)


def _row(
    plan: Plan, student: Student | None, handin: HandIn | None, reports: Reports, available: int | None
) -> tuple[str | int | None, ...]:
    report = reports.get(handin.folder) if handin else None
    points = 0 if handin is None else None if report is None or report.has_fault else report.score
    folder = handin.entry.folder if handin else None
    return (
        plan.assignment, "", "",
        escape.name(student.username) if student else _shown(handin) if handin else "",
        student.identifier if student else "",
        escape.name(folder.name) if folder else "", handin.repository if handin else "", moment(handin),
        points, available,
    )  # fmt: skip


def _shown(handin: HandIn) -> str:
    return escape.name(handin.entry.username)


def moment(handin: HandIn | None) -> str:
    """Return when it was handed in, in UTC, or nothing where that is unknown."""
    return handin.submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ") if handin and handin.submitted_at else ""


def lists(plan: Plan, reports: Reports) -> dict[str, list[str]]:
    """Return who needs a second look, by kind; kinds without anyone are left out."""
    found = {
        "late": [f"{_shown(h)} ({moment(h)})" for h in plan.handins if h.late],
        "missing": [escape.name(student.username or student.identifier) for student in plan.missing],
        "duplicate": [f"{_shown(h)} ({escape.name(h.entry.name)})" for h in plan.handins if not h.counts],
        "unknown": [_shown(h) for h in plan.handins if h.student is None] if plan.has_roster else [],
        "unreadable": [_shown(h) for h in plan.handins if _nothing_read(reports.get(h.folder))],
        "fault": [_shown(h) for h in plan.handins if h.folder in reports and reports[h.folder].has_fault],
        "timeless": [_shown(h) for h in plan.handins if h.submitted_at is None] if plan.deadline else [],
        "ignored": [escape.name(name) for name in plan.ignored],
    }
    return {kind: names for kind, names in found.items() if names}


def _nothing_read(report: Report | None) -> bool:
    return report is not None and all(e.status in ("missing", "unreadable") for e in report.exercises)


def page(plan: Plan, reports: Reports, seed: int, language: str) -> str:
    """Return the class as a Markdown page for the instructor."""
    words = {"en": ("student", "points", "handed in", "seed"), "es": ("estudiante", "puntos", "entrega", "semilla")}
    student, points, when, seeded = words[language]
    lines = [f"# {escape.markdown(plan.assignment)}", "", f"{seeded} {seed}", ""]
    lines += [f"| {student} | {points} | {when} |", "| --- | ---: | --- |"]
    for handin in plan.handins:
        report = reports.get(handin.folder)
        total = f"{report.score}/{report.max_score}" if report else ""
        lines.append(f"| {escape.code(_shown(handin))} | {total} | {moment(handin)} |")
    for kind, names in lists(plan, reports).items():
        lines += ["", f"## {HEADINGS[language][kind]}", "", *(f"- {escape.code(name)}" for name in names)]
    return "\n".join(lines) + "\n"
