"""The report for a terminal: what a student reads in ten seconds."""

from __future__ import annotations

from grader.report import Report


def render(report: Report, language: str) -> str:
    lines = []
    for e in report.exercises:
        lines.append(f"{e.slug} {e.score}/{e.max_score} {e.status} {e.message}")
        for c in e.checks:
            lines.append(f"  {c.status} {c.title[language]} {c.mistake} {c.message and c.message[language]} {c.duration_s}")
    return "\n".join(lines)
