"""The file of an exercise that its student works in, module or notebook, as a module in this process.

For the student's own side: nothing here keeps student code apart.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from grader.notebooks import telling
from grader.notebooks.choice import steps_left, which_counts
from grader.notebooks.reading import Cell, NotebookError, read_notebook
from grader.notebooks.running import cell_name, line_in, run_cells
from grader.texts import Texts


@dataclass
class Answer:
    """The file that counts: its `cells` where it is a notebook, and `notes` for the student; loading adds one.

    `problem` says why a notebook that counts cannot be run.
    """

    path: Path
    cells: tuple[Cell, ...]
    notes: list[Texts]
    problem: Texts | None = None

    def source(self) -> str | None:
        """Return the code, or None of a notebook that cannot be run. Errors: `OSError`, `UnicodeDecodeError`."""
        if self.problem is not None:
            return None
        if self.cells:
            return "\n\n".join(cell.source for cell in self.cells)
        return self.path.read_text(encoding="utf-8")

    def load(self) -> ModuleType:
        """Run the file as a module of its own. Errors: whatever a module raises; of a notebook, nothing."""
        name = self.path.stem
        if not self.cells:
            spec = importlib.util.spec_from_file_location(name, self.path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        else:
            module = ModuleType(name)
            module.__file__ = str(self.path)
            cells = [(cell.number, cell.source) for cell in self.cells]
            failed = []
            for number, error in run_cells(cells, str(self.path), vars(module)):
                line = line_in(error, cell_name(str(self.path), number))
                message = error.msg if isinstance(error, SyntaxError) else error
                failed.append((telling.place(number, line), f"{type(error).__name__}: {message}"))
            note = telling.about_failed(failed)
            self.notes += [note] if note else []
        sys.modules[name] = module
        return module


def find_answer(folder: Path, name: str, steps: int | None) -> Answer:
    """Return the file of `folder` that counts for the module `name`; the module, where `steps` is unknown."""
    module, notebook = folder / f"{name}.py", folder / f"{name}.ipynb"
    if steps is None or not notebook.is_file():
        return Answer(module, (), [])
    cells: tuple[Cell, ...] = ()
    ignored = problem = None
    try:
        read = read_notebook(notebook.read_bytes(), notebook.name)
    except OSError:
        return Answer(module, (), [])
    except NotebookError as error:
        source, problem = "unreadable", error.texts
    else:
        source, cells, ignored = read.source, read.cells, telling.about_ignored(read.ignored)
    own = _text(module)
    if which_counts(own, source, steps) == "module":
        left = problem is None and steps_left(source, steps) < steps
        return Answer(module, (), [telling.module_counts(module.name, notebook.name)] if left else [])
    if not cells and problem is None:
        problem = telling.no_code(notebook.name)
    notes = [telling.notebook_counts(module.name, notebook.name)] if own is not None else []
    return Answer(notebook, cells, [*notes, *([ignored] if ignored else [])], problem)


def _text(module: Path) -> str | None:
    """Return the text of a module: None where it is not there, some text where it cannot be read."""
    try:
        return module.read_text(encoding="utf-8") if module.exists() else None
    except (OSError, UnicodeDecodeError):
        return "unreadable"
