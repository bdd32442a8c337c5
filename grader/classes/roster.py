"""Reads who is in a class: GitHub Classroom's roster or Classroom 50's, also as a spreadsheet saves them again.

Classroom: `identifier,github_username,github_id,name`. Classroom 50:
`username,first_name,last_name,email,section,github_id,role`. Other columns are left out.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

USERNAME = ("github_username", "username")
DELIMITERS = ",;\t"
STUDENT_ROLES = ("", "student")


class RosterError(Exception):
    """The roster cannot be read. The message names the file, the line, the problem and the next step."""


@dataclass(frozen=True)
class Student:
    """One line of a roster. `username` is empty as long as a student has not linked an account."""

    username: str
    identifier: str
    name: str = ""


def read_roster(path: Path) -> list[Student]:
    """Return the students of a roster, in its order; staff of Classroom 50 is left out. Errors: `RosterError`."""
    text = _decoded(path)
    lines = text.splitlines(keepends=True)
    skipped = 0
    delimiter = None
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, skipped = lines[0][4], 1  # a line of Excel's own
    reader = csv.reader(lines[skipped:], delimiter=delimiter or _delimiter(lines), strict=True)
    students: list[Student] = []
    seen: dict[str, int] = {}
    header: list[str] | None = None
    try:
        for row in reader:
            number = reader.line_num + skipped
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = _header(path, number, cells)
                continue
            student = _student(path, number, header, cells)
            if student is None:
                continue
            key = student.username.lower()
            if key and key in seen:
                raise RosterError(f"{path}, line {number}: {student.username} is on line {seen[key]} too; leave one")
            seen[key] = number
            students.append(student)
    except csv.Error as error:
        raise RosterError(f"{path}, line {reader.line_num + skipped}: {error}; save it again as CSV") from None
    if not students:
        raise RosterError(f"{path} holds no student; expected a heading and a line for each")
    return students


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path} cannot be read: {error.strerror}") from None
    # cp1252 is what Excel writes as plain "CSV" in western Europe.
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
        else:
            if "\0" not in text:
                return text
            line = text[: text.index("\0")].count("\n") + 1
    raise RosterError(f"{path}, line {line}: it is no text in UTF-8; save it as CSV in that encoding")


def _delimiter(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _header(path: Path, number: int, cells: list[str]) -> list[str]:
    header = [cell.lower() for cell in cells]
    if not any(name in header for name in USERNAME):
        found = ", ".join(cells[:6])
        raise RosterError(f"{path}, line {number}: no column github_username or username; it has {found}")
    if len(set(filter(None, header))) < len(list(filter(None, header))):
        raise RosterError(f"{path}, line {number}: a column is there twice; leave one")
    return header


def _student(path: Path, number: int, header: list[str], cells: list[str]) -> Student | None:
    if len(cells) > len(header):
        raise RosterError(f"{path}, line {number}: {len(cells)} cells, but the heading has {len(header)}; quote commas")
    row = dict(zip(header, cells, strict=False))
    if row.get("role", "").lower() not in STUDENT_ROLES:
        return None
    username = next((row[name] for name in USERNAME if row.get(name)), "")
    full = " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))
    identifier = row.get("identifier") or row.get("email") or ""
    if not username and not identifier:
        raise RosterError(f"{path}, line {number}: neither a username nor an identifier; fill one in")
    return Student(username, identifier, row.get("name") or full)
