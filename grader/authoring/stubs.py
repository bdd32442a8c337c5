"""Cuts the student's stub out of a solution.

A step begins at its comment, `# TODO n: …`, with the comment lines indented below it, and ends at the next TODO, at the
first line that is indented less, at a line `# GIVEN` (what follows stays), or at the end of the function. What stands
in it is the solution; the stub has `raise NotImplementedError("TODO n")` in its place, which the engine reports as
"not started: file, TODO n".
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.catalogue import TODO, CourseError, Exercise

GIVEN = re.compile(r"^\s*# GIVEN$")
CONTINUED = re.compile(r"^\s*#\s{2,}\S")


def stub_of(source: str, path: Path) -> str:
    """Return the stub of a solution's `source`. Errors: `CourseError` names the line of a step that has no solution."""
    lines = source.splitlines()
    stub: list[str] = []
    expected, index = 1, 0
    while index < len(lines):
        match = TODO.match(lines[index])
        index += 1
        if GIVEN.match(lines[index - 1]):
            continue
        stub.append(lines[index - 1])
        if match is None:
            continue
        if int(match["number"]) != expected:
            raise CourseError(
                f"{path}:{index}: TODO {match['number']} comes where TODO {expected} is due; number the steps in order"
            )
        expected += 1
        while index < len(lines) and CONTINUED.match(lines[index]):
            stub.append(lines[index])
            index += 1
        indent = len(match["indent"])
        end = _end_of_step(lines, index, indent)
        if not any(line.strip() for line in lines[index:end]):
            raise CourseError(f"{path}:{index}: TODO {match['number']} has no solution below it; write it there")
        stub.append(f'{match["indent"]}raise NotImplementedError("TODO {match["number"]}")')
        while end > index and not lines[end - 1].strip():
            end -= 1
        index = end
    return "\n".join(stub) + "\n"


def _end_of_step(lines: list[str], start: int, indent: int) -> int:
    for index in range(start, len(lines)):
        line = lines[index]
        if TODO.match(line) or GIVEN.match(line) or (line.strip() and len(line) - len(line.lstrip()) < indent):
            return index
    return len(lines)


def stale_stubs(exercises: list[Exercise]) -> dict[Exercise, str]:
    """Return the exercises whose committed stub is not the one that their solution gives, with that stub."""
    stale = {}
    for exercise in exercises:
        stub = stub_of(exercise.solution.read_text(encoding="utf-8"), exercise.solution)
        if not exercise.stub.exists() or exercise.stub.read_text(encoding="utf-8") != stub:
            stale[exercise] = stub
    return stale
