"""Reads what was handed in for one exercise: the module or the notebook, by one rule, and the files beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from grader.catalogue import SLUG, Exercise
from grader.notebooks.choice import steps_left, which_counts
from grader.notebooks.reading import Cell, NotebookError, check_size, read_notebook
from grader.notebooks.telling import about_ignored, module_counts, no_code, notebook_counts
from grader.texts import Texts, clean, joined

MAX_FILES = 50
MAX_FILE = 1 * 2**20
MAX_LOOKED_AT, MAX_NAME = 200, 80  # names of a folder that are compared with the right one, and shown
BESIDE = (".py", ".txt", ".json", ".csv", ".toml")


@dataclass(frozen=True)
class Handed:
    """What was handed in for one exercise: `files` by relative name, or why there are none.

    `file` is where the module or notebook stands in its repository, or what may have been meant for it. A notebook's
    code is in `cells`; `files` has only what lies beside it then. `note` says which file counts, and what of a notebook
    was ignored.
    """

    files: dict[str, bytes]
    status: str = "found"
    problem: Texts | None = None
    file: str | None = None
    cells: tuple[Cell, ...] = ()
    note: Texts | None = None

    @property
    def is_notebook(self) -> bool:
        return bool(self.cells)


def noted(handed: Handed, note: Texts) -> Handed:
    """Return `handed` with one more note, before what it has."""
    return replace(handed, note=joined(note, handed.note))


def is_there(path: Path) -> bool:
    """Return whether something has this name, be it a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def holds(folder: Path, exercise: Exercise) -> bool:
    """Return whether `folder` has the exercise's module or notebook."""
    return is_there(folder / exercise.file) or is_there(folder / exercise.notebook)


def missing(exercise: Exercise, folder: Path | None = None) -> Handed:
    """Return that nothing was handed in for `exercise`, and which file of `folder` may have been meant."""
    text = {
        "en": f"{exercise.slug}/{exercise.file} was not handed in.",
        "es": f"{exercise.slug}/{exercise.file} no se entregó.",
    }
    paths = islice(folder.glob("*.py*"), MAX_LOOKED_AT) if folder else ()
    names = {clean(path.name, MAX_NAME): path for path in paths if not path.name.startswith("test_")}
    near = get_close_matches(exercise.file, names, 1)
    if not near:
        return Handed({}, "missing", text)
    text["en"] += f" Rename “{near[0]}” if that is it."
    text["es"] += f" Si es «{near[0]}», cámbiale el nombre."
    return Handed({}, "missing", text, _place(names[near[0]]))


def read_folder(folder: Path, exercise: Exercise, root: Path) -> Handed:
    """Read the exercise's folder: its module or its notebook, whichever counts (see `grader.notebooks.choice`).

    `root` is the path that the instructor named; a link on the way from there to `folder` is not followed.
    """
    module, notebook = (
        path if is_there(path) else None for path in (folder / exercise.file, folder / exercise.notebook)
    )
    return read_answer(module, notebook, exercise, root) if module or notebook else missing(exercise, folder)


def read_answer(module: Path | None, notebook: Path | None, exercise: Exercise, root: Path) -> Handed:
    """Read the module or the notebook, whichever counts; None is a file that is not there."""
    if module is None:
        return read_notebook_file(notebook, exercise, root) if notebook else missing(exercise)
    if notebook is None:
        return read_module(module, exercise, root)
    steps = sum(map(len, exercise.todos.values()))
    from_module, from_notebook = read_module(module, exercise, root), read_notebook_file(notebook, exercise, root)
    own = _text(from_module.files.get(exercise.file, b"unreadable"))
    other = "\n".join(cell.source for cell in from_notebook.cells)
    if from_notebook.status == "unreadable":
        other = "unreadable"
    first, second = clean(module.name, MAX_NAME), clean(notebook.name, MAX_NAME)
    if which_counts(own, other, steps) == "notebook":
        return noted(from_notebook, notebook_counts(first, second))
    if from_notebook.status == "found" and steps_left(other, steps) < steps:
        return noted(from_module, module_counts(first, second))
    return from_module


def read_module(path: Path, exercise: Exercise, root: Path) -> Handed:
    """Read the module at `path` as the answer, and the files beside it."""
    place = _place(path)
    problem = _problem(_link(path.parent, root) or path) or _not_utf8(path)
    if problem is not None:
        return Handed({}, "unreadable", problem, place)
    return Handed({exercise.file: path.read_bytes(), **_beside(path, exercise)}, file=place)


def read_notebook_file(path: Path, exercise: Exercise, root: Path) -> Handed:
    """Read the notebook at `path` as the answer, and the files beside it."""
    place, name = _place(path), clean(path.name, MAX_NAME)
    problem = _problem(_link(path.parent, root) or path, limit=None)
    if problem is not None:
        return Handed({}, "unreadable", problem, place)
    try:
        check_size(path.stat().st_size, name)
        notebook = read_notebook(path.read_bytes(), name)
    except NotebookError as error:
        return Handed({}, "unreadable", error.texts, place)
    if not notebook.cells:
        return Handed({}, "missing", no_code(name), place)
    return Handed(_beside(path, exercise), "found", None, place, notebook.cells, about_ignored(notebook.ignored))


def _place(path: Path) -> str:
    """Return where a file stands in its repository: below the nearest `.git`, or from its `exercises/` on."""
    whole = path.parent.resolve() / path.name
    for root in whole.parents:
        if (root / ".git").exists():
            return whole.relative_to(root).as_posix()
    parts = whole.parts[-3:] if whole.parts[-3:-2] == ("exercises",) else whole.parts[-2:]
    return "/".join(parts) if SLUG.fullmatch(whole.parent.name) else whole.name


def _link(folder: Path, root: Path) -> Path | None:
    """Return the link on the way from `root`, which the instructor names, to `folder`, which the student made."""
    return next((p for p in (folder, *folder.parents) if root in p.parents and p.is_symlink()), None)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _beside(answer: Path, exercise: Exercise) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in sorted(answer.parent.iterdir()):
        wanted = path.suffix in BESIDE and not path.name.startswith(("test_", "conftest", "."))
        if not wanted or path == answer or path.name == exercise.file or len(files) >= MAX_FILES - 1:
            continue
        if (_problem(path) or _not_utf8(path)) is None:
            files[path.name] = path.read_bytes()
    return files


def _problem(path: Path, limit: int | None = MAX_FILE) -> Texts | None:
    """Return why `path` is not read, or None."""
    name = clean(path.name, MAX_NAME)
    if path.is_symlink():
        return {
            "en": f"{name} is a link; hand in the file itself.",
            "es": f"{name} es un enlace; entrega el archivo.",
        }
    if not path.is_file():
        return {"en": f"{name} is not a file.", "es": f"{name} no es un archivo."}
    size = path.stat().st_size
    if limit is not None and size > limit:
        most = f"{limit / 2**20:.0f} MiB"
        return {
            "en": f"{name} has {size / 2**20:.0f} MiB; the limit is {most}.",
            "es": f"{name} tiene {size / 2**20:.0f} MiB; el límite es {most}.",
        }
    return None


def _not_utf8(path: Path) -> Texts | None:
    data, name = path.read_bytes(), clean(path.name, MAX_NAME)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return {
            "en": f"{name}, line {line}: the file is not UTF-8; save it with that encoding.",
            "es": f"{name}, línea {line}: el archivo no es UTF-8; guárdalo con esa codificación.",
        }
    return None
