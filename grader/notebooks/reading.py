"""Reads the code cells of a notebook, as sources that Python takes: magics, shell lines and help lines are blanked.

Nothing is run or parsed here. Only what is needed is taken out of the file, so outputs, attachments and metadata that
break the format cost nothing. A cell's number is the one that stands beside it after "Restart and Run All".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_FILE = 32 * 2**20
MAX_VALUES = 4_000_000  # of its JSON: what it is read into takes many times its size
MAX_CODE = 900_000  # characters; a longer text does not cross to the worker
MAX_CELLS = 1000
# Cell magics whose cell is Python that runs in the notebook's own namespace.
PYTHON_CELLS = ("%%time", "%%capture", "%%prun")
OURS = re.compile(r"from grader\.student import (use_tiny_checkpoints|check)\n\n\1\([^()\n]*\)")
Texts = dict[str, str]


class NotebookError(Exception):
    """The file is no notebook that can be read. `texts` say in both languages what is wrong, and in which cell."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self.texts: Texts = {"en": english, "es": spanish}


@dataclass(frozen=True)
class Cell:
    """A code cell: its number, counted from 1 over the code cells that are not blank, and its Python source."""

    number: int
    source: str


@dataclass(frozen=True)
class Notebook:
    """The code of a notebook. `ignored` are the lines that are not Python, each with the number of its cell."""

    cells: tuple[Cell, ...]
    ignored: tuple[tuple[int, str], ...] = ()

    @property
    def source(self) -> str:
        """All cells as one text."""
        return "\n\n".join(cell.source for cell in self.cells)


def read_notebook(data: bytes, name: str) -> Notebook:
    """Return the code cells of the notebook `data`; `name` is its name in messages.

    Formats 3 and 4 are read. The cells that `grader sync` writes around an exercise are left out: they need the course.
    Errors: `NotebookError` if the file is too large, no notebook, in another language, or has a cell that is none.
    """
    check_size(len(data), name)
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise NotebookError(
            f"{name} holds more than {MAX_VALUES / 1e6:g} million values: clear its outputs and save it.",
            f"{name} contiene más de {MAX_VALUES / 1e6:g} millones de valores: borra sus salidas y guárdalo.",
        )
    tree = _parse(data, name)
    cells: list[Cell] = []
    ignored: list[tuple[int, str]] = []
    code = 0
    for number, source in _sources(tree, name):
        code += len(source)
        if code > MAX_CODE or number > MAX_CELLS:
            limit = "900 kB" if code > MAX_CODE else f"{MAX_CELLS} cells"
            raise NotebookError(
                f"{name}, cell {number}: the code up to here has more than {limit}.",
                f"{name}, celda {number}: el código hasta aquí tiene más de {limit.replace('cells', 'celdas')}.",
            )
        if OURS.fullmatch("\n".join(line for line in source.strip().split("\n") if not line.startswith("#"))):
            continue
        python, left_out = without_magics(source)
        cells.append(Cell(number, python))
        ignored += [(number, line) for line in left_out]
    return Notebook(tuple(cells), tuple(ignored))


def check_size(size: int, name: str) -> None:
    """Errors: `NotebookError` if a notebook of `size` bytes is too large to be read."""
    if size > MAX_FILE:
        has, limit = f"{size / 2**20:.0f} MiB", f"{MAX_FILE / 2**20:.0f} MiB"
        raise NotebookError(
            f"{name} has {has}; the limit is {limit}: clear its outputs and save it.",
            f"{name} tiene {has}; el límite es {limit}: borra sus salidas y guárdalo.",
        )


def _parse(data: bytes, name: str) -> dict[str, Any]:
    conflict = re.search(rb"^<{7} ", data, re.MULTILINE)
    if conflict:
        line = data.count(b"\n", 0, conflict.start()) + 1
        cell = max(1, _code_cells(data[: conflict.start()]))
        raise NotebookError(
            f"{name}, line {line} of the file (about cell {cell}): a merge conflict of git is left there; resolve it.",
            f"{name}, línea {line} del archivo (hacia la celda {cell}): queda un conflicto de git; resuélvelo.",
        )
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        cell = max(1, _code_cells(error.doc[: error.pos].encode("utf-8", "replace")))
        raise NotebookError(
            f"{name} is not a whole notebook: line {error.lineno} of the file (about cell {cell}) is no JSON; "
            "save it again in Jupyter.",
            f"{name} no es un notebook completo: la línea {error.lineno} del archivo (hacia la celda {cell}) no es "
            "JSON; guárdalo de nuevo en Jupyter.",
        ) from None
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict) or not isinstance(tree.get("nbformat"), int) or not 0 < tree["nbformat"] < 100:
        raise NotebookError(
            f"{name} is not a notebook; save it again in Jupyter.", f"{name} no es un notebook; guárdalo en Jupyter."
        )
    if tree["nbformat"] not in (3, 4):
        raise NotebookError(
            f"{name} is a notebook of format {tree['nbformat']:d}; open it in Jupyter and save it as format 4.",
            f"{name} es un notebook de formato {tree['nbformat']:d}; ábrelo en Jupyter y guárdalo como formato 4.",
        )
    return tree


def _code_cells(data: bytes) -> int:
    return len(re.findall(rb'"cell_type"\s*:\s*"code"', data))


def _sources(tree: dict[str, Any], name: str) -> Iterator[tuple[int, str]]:
    """Give the number and the source of each code cell that is not blank."""
    number = 1
    for cell in _cells(tree, name):
        if not isinstance(cell, dict):
            raise _no_cell(name, number)
        if cell.get("cell_type") != "code":
            continue
        source = cell.get("source" if tree["nbformat"] == 4 else "input")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str) or any("\ud800" <= character <= "\udfff" for character in source):
            raise _no_cell(name, number)
        if source.strip():
            yield number, re.sub(r"\r\n?", "\n", source)
            number += 1


def _cells(tree: dict[str, Any], name: str) -> list[Any]:
    metadata = tree.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    language = info.get("name") if isinstance(info, dict) else None
    if isinstance(language, str) and language.lower() not in ("python", "ipython"):
        raise NotebookError(
            f"{name} is a notebook of another language; choose a Python kernel.",
            f"{name} es un notebook de otro lenguaje; elige un kernel de Python.",
        )
    if tree["nbformat"] == 4:
        cells = tree.get("cells")
    else:
        sheets = tree.get("worksheets")
        whole = isinstance(sheets, list) and all(
            isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) for sheet in sheets
        )
        cells = [cell for sheet in sheets or [] for cell in sheet["cells"]] if whole else None
    if not isinstance(cells, list):
        raise NotebookError(f"{name} has no list of cells; save it again in Jupyter.",
                            f"{name} no tiene lista de celdas; guárdalo de nuevo en Jupyter.")  # fmt: skip
    return cells


def _no_cell(name: str, number: int) -> NotebookError:
    return NotebookError(
        f"{name}, cell {number}: it has no source text; save the notebook again in Jupyter.",
        f"{name}, celda {number}: no tiene texto; guarda el notebook de nuevo en Jupyter.",
    )


LINE = re.compile(
    r"\s*(?:[%!?]"  # a magic, a shell line, or ?name
    r"|%{0,2}[^\W\d][\w.*]*\s*\?{1,2}\s*(?:;\s*)?$"  # name?
    r"|[^\W\d][\w.,\s]*=\s*[%!][^=])"  # name = !command
)
TIMED = re.compile(r"(\s*)%time\s+(?=\S)")
TOKEN = re.compile(r"\"\"\"|'''|[\"'#()\[\]{}]")


def without_magics(source: str) -> tuple[str, list[str]]:
    """Return the source of a cell with what is not Python blanked, line for line, and the lines that were left out.

    A line inside a string or brackets is never one of them. What `%time` times is kept, as is a cell under `%%time`.
    """
    lines = source.split("\n")
    first = next(place for place, line in enumerate(lines) if line.strip())
    left_out: list[str] = []
    if lines[first].startswith("%%"):
        left_out.append(lines[first].strip())
        if lines[first].split()[0] not in PYTHON_CELLS:
            return "", left_out
        lines[first] = ""
    quote, depth, joined, dropped = "", 0, False, False
    for place, line in enumerate(lines):
        fresh = not (quote or depth or joined)
        if fresh and (timed := TIMED.match(line)):
            lines[place] = line = timed[1] + line[timed.end() :]
        if dropped or (fresh and LINE.match(line)):
            if not dropped:
                left_out.append(line.strip())
            dropped = line.endswith("\\")
            lines[place] = line[: len(line) - len(line.lstrip())] + "pass"
            continue
        quote, depth, joined = _state_after(line, quote, depth)
    return "\n".join(lines), left_out


def _state_after(line: str, quote: str, depth: int) -> tuple[str, int, bool]:
    """Return what a line leaves open: a string's quote, the depth of brackets, whether the next line belongs to it."""
    place = 0
    while True:
        if quote:
            end = re.compile(rf"(?:\\.|[^\\])*?{quote}").match(line, place)
            if end is None:
                return (quote if len(quote) == 3 or line.endswith("\\") else ""), depth, False
            quote, place = "", end.end()
            continue
        token = TOKEN.search(line, place)
        if token is None or token[0] == "#":
            return "", depth, token is None and line.endswith("\\")
        place = token.end()
        if token[0][0] in "\"'":
            quote = token[0]
        else:
            depth = depth + 1 if token[0] in "([{" else max(0, depth - 1)
