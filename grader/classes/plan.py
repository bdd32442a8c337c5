"""Brings together what was handed in and who is in the class: what counts, what is late, what is missing or unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from grader.classes import git
from grader.classes.layouts import Entry, Found
from grader.classes.roster import Student


@dataclass(frozen=True)
class HandIn:
    """One submission of a class; `folder` is the name of its results.

    `student` is None where the roster does not know it, `submitted_at` where nothing tells; `counts` is False for all
    but one of the submissions of one student.
    """

    entry: Entry
    folder: str
    student: Student | None
    submitted_at: datetime | None
    repository: str
    late: bool
    counts: bool


@dataclass(frozen=True)
class Plan:
    """A class before it is graded. `missing` are students without a submission; `roster` says whether there is one."""

    assignment: str
    handins: tuple[HandIn, ...]
    students: tuple[Student, ...]
    missing: tuple[Student, ...]
    ignored: tuple[str, ...]
    deadline: datetime | None

    @property
    def has_roster(self) -> bool:
        return bool(self.students)


def read_deadline(text: str) -> datetime:
    """Return a deadline in UTC: a date is the end of that day, and a time without a zone is local.

    Errors: `ValueError`.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59)).astimezone(UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def make_plan(found: Found, students: Sequence[Student], deadline: datetime | None) -> Plan:
    """Return the plan of a class. Of several submissions of one student the last one counts, by its commit's time."""
    known = {s.identifier.lower(): s for s in students if s.identifier}
    known |= {s.username.lower(): s for s in students if s.username}
    handins: list[HandIn] = []
    used: set[str] = set()
    for entry in found.entries:
        when = git.committed_at(entry.folder) if entry.folder else None
        address = git.origin(entry.folder) if entry.folder else ""
        late = when is not None and deadline is not None and when > deadline
        folder = _folder(entry.username, used)
        handins.append(HandIn(entry, folder, known.get(entry.username.lower()), when, address, late, counts=True))
    counted = [_with_counts(handin, handins) for handin in handins]
    there = {id(handin.student) for handin in counted}
    missing = tuple(student for student in students if id(student) not in there)
    return Plan(found.assignment, tuple(counted), tuple(students), missing, found.ignored, deadline)


def _owner(handin: HandIn) -> object:
    return handin.student or handin.entry.username.lower()


def _with_counts(handin: HandIn, handins: Sequence[HandIn]) -> HandIn:
    rivals = [other for other in handins if _owner(other) == _owner(handin)]
    never = datetime.min.replace(tzinfo=UTC)
    last = max(rivals, key=lambda h: h.submitted_at or never)  # the first of several that are equal
    return replace(handin, counts=last is handin)


def _folder(username: str, used: set[str]) -> str:
    """Return a name for the folder of results: fit for every file system, and used once, in any case of letters."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", username)[:60].strip("_") or "student"
    name, number = plain, 2
    while name.lower() in used:
        name, number = f"{plain}_{number}", number + 1
    used.add(name.lower())
    return name
