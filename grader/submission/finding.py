"""Finds the exercises in the path that was handed in: a repository, a folder of exercises, one folder, or one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalogue import SLUG, Exercise
from grader.submission.reading import (
    Handed,
    holds,
    is_there,
    missing,
    noted,
    read_folder,
    read_module,
    read_notebook_file,
)

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar")


class SubmissionError(Exception):
    """The path cannot be graded at all. The message names it, the problem and the next step."""


@dataclass(frozen=True)
class Submission:
    """One student's work. `exercises` are those that are graded, in the course's order, by slug."""

    name: str
    exercises: dict[str, Handed]


def read_submission(path: Path, exercises: Sequence[Exercise], every: bool = False) -> Submission:
    """Read `path`: a repository, an `exercises/` or `solutions/` folder, one exercise folder, one `.py` or `.ipynb`.

    An exercise's own folder comes before a loose file of its name, which its note names then. One exercise folder, one
    file or a folder of loose files is graded for its own exercises alone, unless `every` one was asked for; in a larger
    folder, what is not there is `missing`.
    Errors: `SubmissionError` if there is nothing to grade.
    """
    if not path.exists():
        raise SubmissionError(f"{path} does not exist; give a folder with exercises, or one .py or .ipynb file")
    resolved = path.resolve()
    if path.is_file():
        return _one_file(path, resolved, exercises, every)
    if not path.is_dir():
        raise SubmissionError(f"{path} is neither a file nor a folder; give a folder with exercises, or one file")
    folders = {e.slug: _folders(path, resolved.name, e, exercises) for e in exercises}
    if not any(folders.values()):
        state = "is empty" if not any(path.iterdir()) else "holds no exercise"
        raise SubmissionError(
            f"{path} {state}; expected folders such as {exercises[0].slug}/ or exercises/{exercises[0].slug}/"
        )
    larger = any(place.is_dir() for e in exercises for place in (path / "exercises" / e.slug, path / e.slug))
    handed = {e.slug: _read(folders[e.slug], e, path) for e in exercises if every or larger or folders[e.slug]}
    return Submission(_name(resolved, larger), handed)


def _folders(path: Path, name: str, exercise: Exercise, exercises: Sequence[Exercise]) -> list[Path]:
    """Return the folders in and at `path`, called `name`, that hold the exercise's file, the one that counts first.

    Where none holds it, its own folder is returned. Loose files do not count in the folder of one exercise.
    """
    possible = (path / "exercises" / exercise.slug, *([path] if name == exercise.slug else []), path / exercise.slug)
    own = [folder for folder in possible if folder.is_dir()]
    holding = [folder for folder in own if holds(folder, exercise)]
    if name not in {e.slug for e in exercises} and any((path / file).is_file() for file in _files(exercise)):
        holding.append(path)
    return holding or own[:1]


def _read(folders: Sequence[Path], exercise: Exercise, root: Path) -> Handed:
    if not folders:
        return missing(exercise)
    counts, *others = folders
    handed = read_folder(counts, exercise, root)
    stray = [(f / name).relative_to(root).as_posix() for f in others for name in _files(exercise) if is_there(f / name)]
    if not stray:
        return handed
    names, place = ", ".join(stray), counts.relative_to(root).as_posix()
    return noted(handed, {
        "en": f"Not graded, as the files in {place}/ count: {names}.",
        "es": f"Sin corregir, porque cuentan los archivos de {place}/: {names}.",
    })  # fmt: skip


def _files(exercise: Exercise) -> tuple[str, str]:
    return exercise.file, exercise.notebook


def _name(folder: Path, larger: bool) -> str:
    """Return whose work a folder is; `larger` says whether it holds folders of exercises."""
    if folder.name == "exercises":
        return folder.parent.name
    return _owner(folder) if SLUG.fullmatch(folder.name) and not larger else folder.name


def _one_file(path: Path, resolved: Path, exercises: Sequence[Exercise], every: bool) -> Submission:
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
    handed = {found[0].slug: read(path, found[0], path)}
    return Submission(
        resolved.stem, {e.slug: handed.get(e.slug) or missing(e) for e in exercises if every or e in found[:1]}
    )


def _owner(folder: Path) -> str:
    parent = folder.parent
    return parent.parent.name if parent.name == "exercises" else parent.name
