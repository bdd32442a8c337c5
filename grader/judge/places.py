"""Where to look in a student's file: the line of a TODO or of a function, found in its text.

The text is searched, never parsed or run: a hostile source can exhaust the parser, and this process holds the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.catalogue import Exercise
from grader.submission import Handed

TODO = re.compile(r"^[ \t]*# TODO (\d{1,3})\b")
FUNCTION = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)")


class Places:
    """The lines of one module, counted from 1: of its TODOs, and of its functions (the last definition holds)."""

    def __init__(self, todos: Mapping[int, int], functions: Mapping[str, int], lines: int) -> None:
        self._todos, self._functions, self._lines = todos, functions, lines

    def of(self, function: str | None, todo: int | None, raised: object = None) -> int | None:
        """Return the line that raised, else that of the TODO, else that of the function; None where there is none."""
        if isinstance(raised, int) and 0 < raised <= self._lines:
            return raised
        if todo is not None and todo in self._todos:
            return self._todos[todo]
        return self._functions.get(function) if function is not None else None

    def function_at(self, line: object) -> str | None:
        """Return the function that `line` belongs to: the last one that begins above it."""
        above = {start: name for name, start in self._functions.items() if isinstance(line, int) and start <= line}
        return above[max(above)] if above else None


def places(exercise: Exercise, handed: Handed) -> Places:
    """Return the places of the module in `handed`; a notebook's lines are not those of its file, so it has none."""
    source = handed.files.get(exercise.file, b"")
    if handed.file is None or not handed.file.endswith(".py"):
        return Places({}, {}, 0)
    lines = source.decode("utf-8", errors="replace").split("\n")
    todos: dict[int, int] = {}
    functions: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if match := TODO.match(line):
            todos.setdefault(int(match[1]), number)
        elif match := FUNCTION.match(line):
            functions[match[1]] = number
    return Places(todos, functions, len(lines))
