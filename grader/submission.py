"""Finds and reads what a student handed in: files as bytes, nothing run, nothing parsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.catalogue import SLUG, Exercise

MAX_FILES = 50
MAX_FILE = 1 * 2**20
Texts = dict[str, str]


class SubmissionError(Exception):
    """The path cannot be graded at all. The message names it, the problem and the next step."""


@dataclass(frozen=True)
class Handed:
    """What was handed in for one exercise: `files` by relative name, or why there are none.

    `file` is where the module stands in its repository.
    """

    files: dict[str, bytes]
    status: str = "found"
    problem: Texts | None = None
    file: str | None = None


@dataclass(frozen=True)
class Submission:
    """One student's work. `exercises` are those that are graded, in the course's order, by slug."""

    name: str
    exercises: dict[str, Handed]


def read_submission(path: Path, exercises: Sequence[Exercise]) -> Submission:
    """Read `path`: a repository, an `exercises/` or `solutions/` folder, one exercise folder, or one `.py` file.

    One exercise folder or file is graded for that exercise alone; in a larger folder, what is not there is `missing`.
    Errors: `SubmissionError` if there is nothing to grade.
    """
    if not path.exists():
        raise SubmissionError(f"{path} does not exist; give a folder with exercises, or one .py file")
    if path.suffix == ".ipynb":
        raise SubmissionError(f"{path} is a notebook, which is not graded yet; save it as a .py file")
    resolved = path.resolve()
    if path.is_file():
        found = [e for e in exercises if e.file == path.name] or (list(exercises) if len(exercises) == 1 else [])
        if not found:
            names = ", ".join(e.file for e in exercises)
            raise SubmissionError(f"{path} is the file of no exercise; name it {names}, or add --exercise")
        return Submission(resolved.stem, {found[0].slug: _read(path.parent, path, found[0], path)})
    loose = [e for e in exercises if resolved.name == e.slug] or [e for e in exercises if (path / e.file).is_file()]
    if loose:
        name = _owner(resolved) if SLUG.fullmatch(resolved.name) else resolved.name
        return Submission(name, {e.slug: _read(path, path / e.file, e, path) for e in loose})
    folders = {
        e.slug: folder for e in exercises for folder in (path / "exercises" / e.slug, path / e.slug) if folder.is_dir()
    }
    if not folders:
        state = "is empty" if not any(path.iterdir()) else "holds no exercise"
        raise SubmissionError(
            f"{path} {state}; expected folders such as {exercises[0].slug}/ or exercises/{exercises[0].slug}/"
        )
    name = resolved.parent.name if resolved.name == "exercises" else resolved.name
    handed = {
        e.slug: _read(folders[e.slug], folders[e.slug] / e.file, e, path) if e.slug in folders else missing(e)
        for e in exercises
    }
    return Submission(name, handed)


def _owner(folder: Path) -> str:
    parent = folder.parent
    return parent.parent.name if parent.name == "exercises" else parent.name


def _place(module: Path) -> str:
    """Return the path of `module` in its repository: below the nearest `.git`, or from its `exercises/` on."""
    whole = module.parent.resolve() / module.name
    for root in whole.parents:
        if (root / ".git").exists():
            return whole.relative_to(root).as_posix()
    parts = whole.parts[-3:] if whole.parts[-3:-2] == ("exercises",) else whole.parts[-2:]
    return "/".join(parts) if SLUG.fullmatch(whole.parent.name) else whole.name


def _link(folder: Path, root: Path) -> Path | None:
    """Return the link on the way from `root`, which the instructor names, to `folder`, which the student made."""
    return next((p for p in (folder, *folder.parents) if root in p.parents and p.is_symlink()), None)


def missing(exercise: Exercise, folder: Path | None = None) -> Handed:
    """Return that nothing was handed in for `exercise`, and which file of `folder` may have been meant."""
    text = {
        "en": f"{exercise.slug}/{exercise.file} was not handed in.",
        "es": f"{exercise.slug}/{exercise.file} no se entregó.",
    }
    names = [path.name for path in folder.glob("*.py*") if not path.name.startswith("test_")] if folder else []
    if near := get_close_matches(exercise.file, names, 1):
        text["en"] += f" Rename “{near[0]}” if that is it."
        text["es"] += f" Si es «{near[0]}», cámbiale el nombre."
    return Handed({}, "missing", text)


def _read(folder: Path, module: Path, exercise: Exercise, root: Path) -> Handed:
    if not module.exists() and not module.is_symlink():
        return missing(exercise, folder)
    place = _place(module)
    problem = _problem(_link(folder, root) or module)
    if problem is not None:
        return Handed({}, "unreadable", problem, place)
    files = {exercise.file: module.read_bytes()}
    for path in sorted(folder.iterdir()):
        wanted = path.suffix in (".py", ".txt", ".json", ".csv", ".toml") and not path.name.startswith(
            ("test_", "conftest", ".")
        )
        if wanted and path != module and len(files) < MAX_FILES and _problem(path) is None:
            files[path.name] = path.read_bytes()
    return Handed(files, file=place)


def _problem(path: Path) -> Texts | None:
    """Return why `path` is not read, or None."""
    if path.is_symlink():
        return {
            "en": f"{path.name} is a link; hand in the file itself.",
            "es": f"{path.name} es un enlace; entrega el archivo.",
        }
    if not path.is_file():
        return {"en": f"{path.name} is not a file.", "es": f"{path.name} no es un archivo."}
    size = path.stat().st_size
    if size > MAX_FILE:
        return {
            "en": f"{path.name} has {size / 2**20:.0f} MiB; the limit is 1 MiB.",
            "es": f"{path.name} tiene {size / 2**20:.0f} MiB; el límite es 1 MiB.",
        }
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return {
            "en": f"{path.name}, line {line}: the file is not UTF-8; save it with that encoding.",
            "es": f"{path.name}, línea {line}: el archivo no es UTF-8; guárdalo con esa codificación.",
        }
    return None
