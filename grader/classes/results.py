"""The folder of a class's results: written as each submission is done, and read again when a run goes on.

class.json                  seed, settings, and what became of each submission
grades.csv, class.md        the class as tables
students/<name>/            report.json, feedback.md, feedback.es.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.classes import grades
from grader.classes.plan import HandIn, Plan
from grader.report import Report, ReportError, read_report
from grader.reports import escape, json_report, markdown
from grader.reports.format import Context

SCHEMA = "grader/class/v1"
FEEDBACK = {"en": "feedback.md", "es": "feedback.es.md"}


@dataclass(frozen=True)
class Settings:
    """What a run was asked for; one that goes on must have the same."""

    seed: int
    reveal: str
    exercises: tuple[str, ...]


class Results:
    """The results of one class in one folder. Errors of all its functions: `ReportError` names the file."""

    def __init__(self, folder: Path, plan: Plan, settings: Settings, language: str) -> None:
        self.folder, self.plan, self.settings, self.language = folder, plan, settings, language
        self.reports: dict[str, Report] = {}
        self._digests: dict[str, str] = {}

    def keep(self, handin: HandIn, digest: str, report: Report) -> None:
        """Write the outputs of one submission, then the class with it."""
        own = self.folder / "students" / handin.folder
        _write(own / "report.json", json_report.render(report))
        for language, name in FEEDBACK.items():
            _write(own / name, markdown.render(report, Context(language)))
        self.reports[handin.folder], self._digests[handin.folder] = report, digest
        self.write()

    def write(self) -> None:
        """Write the files of the class as a whole."""
        _write(self.folder / "grades.csv", grades.grades(self.plan, self.reports))
        _write(self.folder / "class.md", grades.page(self.plan, self.reports, self.settings.seed, self.language))
        dumped = json.dumps(self._state(), ensure_ascii=False, indent=2)
        _write(self.folder / "class.json", escape.json_text(dumped) + "\n")

    def _state(self) -> dict[str, Any]:
        deadline = self.plan.deadline
        return {
            "schema": SCHEMA,
            "assignment": self.plan.assignment,
            "seed": self.settings.seed,
            "reveal": self.settings.reveal,
            "exercises": list(self.settings.exercises),
            "deadline": deadline.isoformat() if deadline else None,
            "complete": len(self.reports) == len(self.plan.handins),
            "submissions": [self._submission(handin) for handin in self.plan.handins],
            "lists": grades.lists(self.plan, self.reports),
        }

    def _submission(self, handin: HandIn) -> dict[str, Any]:
        report = self.reports.get(handin.folder)
        return {
            "username": handin.entry.username,
            "identifier": handin.student.identifier if handin.student else None,
            "name": handin.entry.name,
            "folder": f"students/{handin.folder}",
            "submitted_at": grades.moment(handin) or None,
            "late": handin.late,
            "counts": handin.counts,
            "score": report.score if report else None,
            "max_score": report.max_score if report else None,
            "digest": self._digests.get(handin.folder),
        }


def earlier(folder: Path) -> dict[str, Any] | None:
    """Return the `class.json` in `folder`, or None. Errors: `ReportError` if it is none of ours."""
    path = folder / "class.json"
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ReportError(f"{path} cannot be read ({error}); choose another --out") from None
    if not isinstance(state, dict) or state.get("schema") != SCHEMA or type(state.get("seed")) is not int:
        raise ReportError(f"{path} is no {SCHEMA}; choose another --out")
    return state


Key = tuple[str, str, str]


def key(handin: HandIn, digest: str) -> Key:
    """Return what a finished report is known by: whose it is, what lay there, and what was in it."""
    return handin.entry.username, handin.entry.name, digest


def finished(folder: Path, state: Mapping[str, Any], versions: Mapping[str, str]) -> dict[Key, Report]:
    """Return the reports that need no second grading.

    Left out is what does not fit the state, was graded by other versions, or met a fault of the grader.
    """
    wanted = (state["seed"], state.get("reveal"), state.get("exercises"), dict(versions))
    found: dict[Key, Report] = {}
    for submission in state.get("submissions", []):
        try:
            text = (folder / submission["folder"] / "report.json").read_text(encoding="utf-8")
            report = read_report(json.loads(text))
            known = (submission["username"], submission["name"], submission["digest"])
        except (OSError, ValueError, TypeError, KeyError, ReportError):
            continue
        slugs = [exercise.slug for exercise in report.exercises]
        if (report.seed, report.reveal, slugs, dict(report.versions)) == wanted and not report.has_fault:
            found[known] = report
    return found


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, so that a run that is stopped leaves nothing half written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(path)
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror}") from None
