"""Finds the submissions of a class in a folder: clones, a plain folder per student, or downloaded single files.

- `gh classroom clone student-repos` makes `<assignment>-submissions/<assignment>-<username>/`
  (github/gh-classroom, cmd/gh-classroom/clone/student-repos); the folder above it may be named as well.
- A plain folder per student has the student's name. With a roster, folders that all begin with one name, two of them
  going on with a student's, are read like clones; no other part of a name tells whose a folder is.
- Single files are `<username>_<module>.py` or `.ipynb`; with one exercise, `<username>.py` will do.

What is none of these is listed as ignored. Nothing is opened here but folders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.catalogue import SLUG, Exercise
from grader.reports import escape
from grader.submission import Handed, Submission, SubmissionError, missing, read_answer, read_submission
from grader.texts import clean

CLONES = "-submissions"
MODULES = (".py", ".ipynb")
UNLISTED = (".git", ".github", ".gitignore", ".gitattributes", ".DS_Store", ".vscode", ".idea", ".venv",
            ".ipynb_checkpoints", ".pytest_cache")  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One submission: a folder, or files by exercise, a module and a notebook of one exercise both.

    `username` is read from its name, `name` is what lies there.
    """

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
    folder, ignored = _class_folder(folder, exercises, results)
    paths, others = _children(folder, results)
    ignored += others
    known = {name.lower(): name for name in usernames}
    prefix = assignment or _prefix([path.name for path in paths if path.is_dir()], _name(folder), known)
    entries: list[Entry] = []
    files: dict[str, list[tuple[str, Path]]] = {}
    for path in paths:
        owner = _owner_of_file(path, exercises)
        if path.is_dir():
            entries.append(Entry(_owner_of_folder(path.name, prefix, known), path.name, path))
        elif owner is not None and not _has(files.setdefault(owner[0], []), owner[1], path.suffix):
            files[owner[0]].append((owner[1], path))
        else:
            ignored.append(path.name)
    for username, parts in files.items():
        entries.append(Entry(username, ", ".join(path.name for _, path in parts), files=tuple(parts)))
    if not entries:
        raise SubmissionError(
            f"{folder} holds no submission; expected a folder per student, or files such as ana_{exercises[0].file}"
        )
    entries.sort(key=lambda entry: (entry.username.lower(), entry.name))
    return Found(tuple(entries), tuple(ignored), prefix or _name(folder))


def _name(folder: Path) -> str:
    """Return the folder's own name, also of `.` or of a link."""
    return folder.resolve().name


def _has(files: Sequence[tuple[str, Path]], slug: str, suffix: str) -> bool:
    return any((slug, suffix) == (other, path.suffix) for other, path in files)


def _children(folder: Path, results: Path | None) -> tuple[list[Path], list[str]]:
    """Return what may be a submission in `folder`, and the names of what is never one."""
    try:
        paths = sorted(folder.iterdir(), key=lambda p: (p.stem, MODULES.index(p.suffix) if p.suffix in MODULES else 9))
    except OSError as error:
        raise SubmissionError(f"{folder} cannot be read: {error.strerror}") from None
    own, here = results.resolve() if results is not None else None, folder.resolve()
    possible: list[Path] = []
    ignored: list[str] = []
    for path in paths:
        place = here / path.name
        above_results = own is not None and place in own.parents and not path.name.endswith(CLONES)
        if path.name in UNLISTED or place == own:
            continue
        if path.name.startswith(".") or path.name == "__MACOSX" or above_results:
            ignored.append(path.name)
        else:
            possible.append(path)
    return possible, ignored


def _class_folder(folder: Path, exercises: Sequence[Exercise], results: Path | None) -> tuple[Path, list[str]]:
    """Return the folder that the submissions are in, and the names of what lies beside it."""
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is not a folder; give the folder that holds the submissions of a class")
    paths, ignored = _children(folder, results)
    folders = [path for path in paths if path.is_dir()]
    own = next((p.name for p in folders if p.name == "exercises" or p.name in {e.slug for e in exercises}), None)
    if own is not None:
        raise SubmissionError(
            f"{folder} is one submission (it holds {own}/); use grader grade, or give the class folder"
        )
    clones = [path for path in folders if path.name.endswith(CLONES)]
    if len(clones) > 1:
        names = ", ".join(path.name for path in clones)
        raise SubmissionError(f"{folder} holds several assignments; give one of them: {names}")
    if not clones:
        return folder, []
    return clones[0], ignored + [path.name for path in paths if path != clones[0]]


def _prefix(names: Sequence[str], folder: str, known: Collection[str]) -> str | None:
    """Return what the clones called `names` begin with, as their folder says, or else as the usernames `known` do."""
    named = folder.removesuffix(CLONES) if folder.endswith(CLONES) else None
    lower = [name.lower() for name in names]
    if named is not None and (any(name.startswith(f"{named.lower()}-") for name in lower) or not known):
        return named
    ends = [name.removesuffix(f"-{username}") for name in lower for username in known if name.endswith(f"-{username}")]
    common = {end for end in ends if end and all(name.startswith(f"{end}-") for name in lower)}
    best = max(sorted(common, key=len), key=ends.count, default=None)  # of several that are equal the shortest
    return named if best is None or ends.count(best) < 2 else names[0][: len(best)]


def _owner_of_folder(name: str, prefix: str | None, known: dict[str, str]) -> str:
    is_clone = prefix is not None and name.lower().startswith(f"{prefix.lower()}-") and len(name) > len(prefix) + 1
    owner = name[len(prefix) + 1 :] if prefix is not None and is_clone else name
    return known.get(owner.lower(), owner)


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
    given = {e.slug: [path for slug, path in entry.files if slug == e.slug] for e in exercises}
    return {e.slug: _alone(given[e.slug], e) for e in exercises if given[e.slug]}


def _alone(paths: Sequence[Path], exercise: Exercise) -> Handed:
    """Return the downloaded module or notebook, whichever counts, without what lies beside it: the work of others."""
    module, notebook = (next((path for path in paths if path.suffix == suffix), None) for suffix in MODULES)
    handed = read_answer(module, notebook, exercise, paths[0].parent)
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
