"""The formats by name, and where they are written: one file each, standard output, or a file of the platform's own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.report import Report, ReportError
from grader.reports import (
    annotate,
    classroom,
    classroom50,
    escape,
    gradescope,
    json_report,
    junit,
    markdown,
    table,
    terminal,
)
from grader.reports.format import Context, Format

MODULES = (terminal, json_report, classroom, classroom50, gradescope, junit, markdown, annotate, table)
FORMATS: dict[str, Format] = {module.FORMAT.name: module.FORMAT for module in MODULES}
# Files that GitHub Actions hands to every step: what is there belongs to others too, so they are only appended to.
SHARED_FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
STDOUT = "-"


@dataclass(frozen=True)
class Destination:
    """One format and its file; `file` None is standard output."""

    format: Format
    file: Path | None = None


def destination(name: str, file: str | Path | None) -> Destination:
    """Return where a format goes. Errors: `ReportError` if there is no such format, or no such folder."""
    if name not in FORMATS:
        raise ReportError(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
    if file is None or str(file) == STDOUT:
        return Destination(FORMATS[name])
    path = Path(file)
    if path.is_dir():
        raise ReportError(f"{path} is a folder; name the file that the {name} report goes to")
    if not path.absolute().parent.is_dir():
        raise ReportError(f"{path.parent} is not a folder; make it first")
    return Destination(FORMATS[name], path)


def destinations(name: str, output: Path | None, also: Sequence[str]) -> list[Destination]:
    """Return where the reports of one run go; `also` are texts like `junit=report.xml`, `-` for standard output.

    Errors: `ReportError` if one is not to be understood, or two would overwrite each other.
    """
    found = [destination(name, output)]
    for text in also:
        other, _, file = text.partition("=")
        if not file:
            raise ReportError(f"{text!r} is no FORMAT=FILE, such as junit=report.xml")
        found.append(destination(other, file))
    files = [d.file.absolute() for d in found if d.file is not None and not d.format.appends]
    if len(set(files)) < len(files):
        twice = next(file for file in files if files.count(file) > 1)
        raise ReportError(f"two reports would go to {twice.name}; give each a file of its own")
    return found


def write(report: Report, places: Sequence[Destination], context: Context) -> None:
    """Write a report everywhere. Every text is made before the first is written. Errors: `ReportError`."""
    texts = [place.format.render(report, context) for place in places]
    for place, text in zip(places, texts, strict=True):
        try:
            _write(place, text, context)
        except OSError as error:
            where = place.file or "standard output"
            raise ReportError(f"{where}: the {place.format.name} report was not written: {error.strerror}") from None


def _write(place: Destination, text: str, context: Context) -> None:
    if place.file is None:
        sys.stdout.write(text if place.format.commands else escape.log(text))
        sys.stdout.flush()
    elif place.format.appends or _is_shared(place.file, context):
        append(place.file, text)
    else:
        place.file.write_text(text, encoding="utf-8", newline="")


def append(file: Path, text: str) -> None:
    """Add `text` to `file` on lines of its own, whatever stands there already."""
    with file.open("ab+") as target:
        size = target.seek(0, 2)
        if size and target.seek(size - 1) is not None and target.read(1) != b"\n":
            target.write(b"\n")
        target.write(text.encode())


def _is_shared(file: Path, context: Context) -> bool:
    names = (context.environment.get(variable, "") for variable in SHARED_FILES)
    return any(name and file.absolute() == Path(name).absolute() for name in names)
