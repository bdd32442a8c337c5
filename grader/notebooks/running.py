"""Runs the cells of a notebook as a module: statement by statement, so that what fails alone costs nothing else.

A plot, a download or a forgotten name at the top of a cell fails by itself; the functions of the cell are defined all
the same. Each cell is compiled under a name of its own, which tracebacks show: `softmax.ipynb, cell 3`.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import traceback
from collections.abc import Iterable
from typing import Any

MARK = ", cell "
DEFINITIONS = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
)  # fmt: skip


def cell_name(path: str, number: int) -> str:
    """Return the file name that code of a cell has in tracebacks."""
    return f"{path}{MARK}{number}"


def cell_of(filename: str, path: str) -> int | None:
    """Return the number of the cell that `filename` names, or None where it is no cell of the notebook at `path`."""
    start, mark, number = filename.rpartition(MARK)
    return int(number) if mark and start == path and number.isdecimal() else None


def line_in(error: BaseException, filename: str) -> int | None:
    """Return the last line of `filename` that `error` passed, or None."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
    if isinstance(error, SyntaxError) and error.filename == filename:
        lines.append(error.lineno)
    return lines[-1] if lines else None


def run_cells(
    cells: Iterable[tuple[int, str]], path: str, namespace: dict[str, Any], definitions_only: bool = False
) -> list[tuple[int, BaseException]]:
    """Run (number, source) cells in `namespace` and return what failed: the cell's number and the error, in order.

    A cell that cannot be compiled fails as a whole. With `definitions_only`, imports, functions, classes and
    assignments are run, and nothing else.
    """
    namespace.setdefault("display", _display)
    failed: list[tuple[int, BaseException]] = []
    flags = 0
    for number, source in cells:
        name = cell_name(path, number)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            tree = compile(source, name, "exec", ast.PyCF_ONLY_AST | flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            failed.append((number, error))
            continue
        for statement in tree.body:
            if definitions_only and not isinstance(statement, DEFINITIONS):
                continue
            flags |= _future_flags(statement)
            try:
                exec(compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True), namespace)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                failed.append((number, error))
    return failed


def _future_flags(statement: ast.stmt) -> int:
    """Return the flags of a `from __future__ import …`, which holds for all cells below it, as in Jupyter."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in statement.names]
    return sum(feature.compiler_flag for feature in features if feature is not None)


def _display(*objects: object, **options: object) -> None:
    """Stand in for Jupyter's `display`, which shows and returns nothing."""
