"""Finds the submissions of a class in a folder: clones, a plain folder per student, or downloaded single files.

- `gh classroom clone student-repos` makes `<assignment>-submissions/<assignment>-<username>/`
  (github/gh-classroom, cmd/gh-classroom/clone/student-repos); the folder above it may be named as well.
- A plain folder per student has the student's name; with a roster, `<anything>-<username>` is read like a clone.
- Single files are `<username>_<module>.py`; with one exercise, `<username>.py` will do.

What is none of these is listed as ignored. Nothing is opened here but folders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.catalogue import SLUG, Exercise
from grader.reports import escape
from grader.submission import Handed, Submission, SubmissionError, missing, read_submission
from grader.texts import clean

CLONES = "-submissions"
MODULES = (".py", ".ipynb")  # in this order, where a student handed in both


@dataclass(frozen=True)
class Entry:
    """One submission: a folder, or files by exercise. `username` is read from its name, `name` is what lies there."""

    username: str
    name: str
    folder: Path | None = None
    files: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class Found:
    """What a folder holds; `assignment` is the name that its clones begin with, or else the folder's own."""

    entries: tuple[Entry, ...]
    ignored: tuple[str, ...]
    assignment: str


def find(
    folder: Path,
    exercises: Sequence[Exercise],
    assignment: str | None = None,
    usernames: Collection[str] = (),
    results: Path | None = None,
) -> Found:
    """Return the submissions in `folder`, by name; `results`, where the class's own results are, is none of them.

    Errors: `SubmissionError` if there are none, or it is one itself.
    """
    folder = _class_folder(folder, exercises, results)
    prefix = assignment or (folder.name.removesuffix(CLONES) if folder.name.endswith(CLONES) else None)
    known = {name.lower(): name for name in usernames}
    entries: list[Entry] = []
    files: dict[str, dict[str, Path]] = {}
    ignored: list[str] = []
    for path in _children(folder, results):
        owner = _owner_of_file(path, exercises)
        if path.is_dir():
            entries.append(Entry(_owner_of_folder(path.name, prefix, known), path.name, path))
        elif owner is not None and owner[1] not in files.setdefault(owner[0], {}):
            files[owner[0]][owner[1]] = path
        else:
            ignored.append(path.name)
    for username, parts in files.items():
        name = ", ".join(path.name for path in parts.values())
        entries.append(Entry(username, name, files=tuple(parts.items())))
    if not entries:
        raise SubmissionError(
            f"{folder} holds no submission; expected a folder per student, or files such as ana_{exercises[0].file}"
        )
    entries.sort(key=lambda entry: (entry.username.lower(), entry.name))
    return Found(tuple(entries), tuple(ignored), prefix or folder.resolve().name)


def _children(folder: Path, results: Path | None) -> list[Path]:
    try:
        paths = sorted(folder.iterdir(), key=lambda p: (p.stem, MODULES.index(p.suffix) if p.suffix in MODULES else 9))
    except OSError as error:
        raise SubmissionError(f"{folder} cannot be read: {error.strerror}") from None
    own, here = results.resolve() if results is not None else None, folder.resolve()
    return [p for p in paths if not p.name.startswith(".") and p.name != "__MACOSX" and here / p.name != own]


def _class_folder(folder: Path, exercises: Sequence[Exercise], results: Path | None) -> Path:
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is not a folder; give the folder that holds the submissions of a class")
    folders = [path for path in _children(folder, results) if path.is_dir()]
    own = next((p.name for p in folders if p.name == "exercises" or p.name in {e.slug for e in exercises}), None)
    if own is not None:
        raise SubmissionError(
            f"{folder} is one submission (it holds {own}/); use grader grade, or give the class folder"
        )
    clones = [path for path in folders if path.name.endswith(CLONES)]
    if len(clones) > 1:
        names = ", ".join(path.name for path in clones)
        raise SubmissionError(f"{folder} holds several assignments; give one of them: {names}")
    return clones[0] if len(clones) == len(folders) == 1 else folder


def _owner_of_folder(name: str, prefix: str | None, known: dict[str, str]) -> str:
    lower = name.lower()
    if prefix is not None and lower.startswith(f"{prefix.lower()}-") and len(name) > len(prefix) + 1:
        return name[len(prefix) + 1 :]
    ends = [username for username in known if lower == username or lower.endswith(f"-{username}")]
    return known[max(ends, key=len)] if ends else name


def _owner_of_file(path: Path, exercises: Sequence[Exercise]) -> tuple[str, str] | None:
    """Return username and slug for a downloaded module, or None where its name does not say both."""
    if path.suffix not in MODULES:
        return None
    for exercise in sorted(exercises, key=lambda e: -len(e.module)):
        if path.stem.endswith(f"_{exercise.module}"):
            username = path.stem.removesuffix(f"_{exercise.module}")
            return (username, exercise.slug) if username else None
    named = any(path.stem == exercise.module for exercise in exercises) or SLUG.fullmatch(path.stem)
    return (path.stem, exercises[0].slug) if len(exercises) == 1 and not named else None


def read(entry: Entry, exercises: Sequence[Exercise]) -> Submission:
    """Return what `entry` holds for every exercise, as bytes. Whatever is wrong with it costs only itself."""
    try:
        handed = _handed(entry, exercises)
    except SubmissionError:
        handed = {}
    except OSError as error:
        text = {
            "en": f"{clean(entry.name)} cannot be read: {error.strerror}.",
            "es": f"{clean(entry.name)} no se puede leer: {error.strerror}.",
        }
        handed = {exercise.slug: Handed({}, "unreadable", text) for exercise in exercises}
    return Submission(escape.name(entry.username), {e.slug: handed.get(e.slug) or missing(e) for e in exercises})


def _handed(entry: Entry, exercises: Sequence[Exercise]) -> dict[str, Handed]:
    if entry.folder is not None and entry.folder.is_symlink():
        text = {
            "en": f"{clean(entry.name)} is a link; put the folder itself there.",
            "es": f"{clean(entry.name)} es un enlace; pon ahí la carpeta.",
        }
        return {exercise.slug: Handed({}, "unreadable", text) for exercise in exercises}
    if entry.folder is not None:
        return read_submission(entry.folder, exercises).exercises
    by_slug = {exercise.slug: exercise for exercise in exercises}
    return {slug: _alone(path, by_slug[slug]) for slug, path in entry.files}


def _alone(path: Path, exercise: Exercise) -> Handed:
    """Return one downloaded module without what lies beside it, which is the work of others."""
    handed = read_submission(path, [exercise]).exercises[exercise.slug]
    return replace(handed, files={name: data for name, data in handed.files.items() if name == exercise.file})


def digest(submission: Submission) -> str:
    """Return a fingerprint of all that is graded of a submission, to know it again."""
    state = hashlib.sha256()
    for slug, handed in sorted(submission.exercises.items()):
        state.update(repr((slug, handed.status, handed.problem, handed.cells)).encode())
        for name, data in sorted(handed.files.items()):
            state.update(repr((name, len(data))).encode())
            state.update(data)
    return state.hexdigest()
