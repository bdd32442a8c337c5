"""The file of an exercise that its student works in, module or notebook, as a module in this process.

For the student's own side: nothing here keeps student code apart.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from grader.notebooks.choice import which_counts
from grader.notebooks.reading import Cell, NotebookError, read_notebook
from grader.notebooks.running import cell_name, run_cells
from grader.texts import clean


@dataclass
class Answer:
    """The file that counts: its `cells` where it is a notebook, and `notes` for the student; loading adds some."""

    path: Path
    cells: tuple[Cell, ...]
    notes: list[str]

    def source(self) -> str:
        """Return the code. Errors: `OSError`, `UnicodeDecodeError`."""
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
            for number, error in run_cells(cells, str(self.path), vars(module)):
                what = clean(f"{type(error).__name__}: {error}")
                self.notes.append(f"{cell_name(self.path.name, number)}, failed by itself: {what}")
        sys.modules[name] = module
        return module


def find_answer(folder: Path, name: str, steps: int | None) -> Answer:
    """Return the file of `folder` that counts for the module `name`; the module, where `steps` is unknown.

    A notebook that cannot be read does not count here; its note says why.
    """
    module, notebook = folder / f"{name}.py", folder / f"{name}.ipynb"
    only_module = Answer(module, (), [])
    if steps is None or not notebook.is_file():
        return only_module
    try:
        read = read_notebook(notebook.read_bytes(), notebook.name)
        own = module.read_text(encoding="utf-8") if module.exists() else None
    except (OSError, UnicodeDecodeError):
        return only_module
    except NotebookError as error:
        return Answer(module, (), [str(error)])
    if not read.cells or which_counts(own, read.source, steps) == "module":
        return only_module
    return Answer(notebook, read.cells, [f"{notebook.name} counts: no step is written in {module.name}"])
