"""Finds the exercises in the path that was handed in: a repository, a folder of exercises, one folder, or one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalogue import SLUG, Exercise
from grader.submission.reading import Handed, missing, read_folder, read_module, read_notebook_file

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar")


class SubmissionError(Exception):
    """The path cannot be graded at all. The message names it, the problem and the next step."""


@dataclass(frozen=True)
class Submission:
    """One student's work. `exercises` are those that are graded, in the course's order, by slug."""

    name: str
    exercises: dict[str, Handed]


def read_submission(path: Path, exercises: Sequence[Exercise]) -> Submission:
    """Read `path`: a repository, an `exercises/` or `solutions/` folder, one exercise folder, one `.py` or `.ipynb`.

    One exercise folder or file is graded for that exercise alone; in a larger folder, what is not there is `missing`.
    Errors: `SubmissionError` if there is nothing to grade.
    """
    if not path.exists():
        raise SubmissionError(f"{path} does not exist; give a folder with exercises, or one .py or .ipynb file")
    resolved = path.resolve()
    if path.is_file():
        return _one_file(path, resolved, exercises)
    if not path.is_dir():
        raise SubmissionError(f"{path} is neither a file nor a folder; give a folder with exercises, or one file")
    loose = [e for e in exercises if resolved.name == e.slug] or [
        e for e in exercises if any((path / name).is_file() for name in (e.file, e.notebook))
    ]
    if loose:
        name = _owner(resolved) if SLUG.fullmatch(resolved.name) else resolved.name
        return Submission(name, {e.slug: read_folder(path, e, path) for e in loose})
    folders = {
        e.slug: folder for e in exercises for folder in (path / "exercises" / e.slug, path / e.slug) if folder.is_dir()
    }
    if not folders:
        state = "is empty" if not any(path.iterdir()) else "holds no exercise"
        raise SubmissionError(
            f"{path} {state}; expected folders such as {exercises[0].slug}/ or exercises/{exercises[0].slug}/"
        )
    name = resolved.parent.name if resolved.name == "exercises" else resolved.name
    handed = {e.slug: read_folder(folders[e.slug], e, path) if e.slug in folders else missing(e) for e in exercises}
    return Submission(name, handed)


def _one_file(path: Path, resolved: Path, exercises: Sequence[Exercise]) -> Submission:
    if path.name.lower().endswith(ARCHIVES):
        raise SubmissionError(f"{path} is an archive; unpack it first, then give the folder that was in it")
    is_notebook = path.suffix == ".ipynb"
    names = {exercise.slug: exercise.notebook if is_notebook else exercise.file for exercise in exercises}
    found = [e for e in exercises if names[e.slug] == path.name] or (list(exercises) if len(exercises) == 1 else [])
    if not found:
        raise SubmissionError(
            f"{path} is the file of no exercise; name it {', '.join(names.values())}, or add --exercise"
        )
    read = read_notebook_file if is_notebook else read_module
    return Submission(resolved.stem, {found[0].slug: read(path, found[0], path)})


def _owner(folder: Path) -> str:
    parent = folder.parent
    return parent.parent.name if parent.name == "exercises" else parent.name
