"""The bank of an exercise: its named mistakes and its accepted variants, as sources that a worker can load.

A mistake is an edit of the solution, or a function of its own that takes the place of the solution's. A variant is such
functions too. `reference.py`, where there is one, adds helpers to the solution for the suite's own use.
`second_reference.py` is a whole module of its own, written without a look at the solution: the second oracle.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from grader.catalogue import CourseError, Exercise


@dataclass(frozen=True)
class Mistake:
    """A wrong answer with a name: what it means to the person who wrote it, and the TODO where it was made."""

    name: str
    advice: dict[str, str]
    todo: int
    source_code: str
    origin: str

    def function(self, exercise: Exercise) -> str:
        """Return the function that its TODO belongs to."""
        return next(name for name, numbers in exercise.todos.items() if self.todo in numbers)


def mistakes(exercise: Exercise) -> list[Mistake]:
    """Read `mistakes.toml`. Errors: `CourseError` names the entry, what is wrong with it, and what to do."""
    path = exercise.hidden / "mistakes.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is missing; write the exercise's mistakes there (see CONTRIBUTING.md)") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: {error}") from None
    return [_mistake(exercise, path, name, entry) for name, entry in entries.items()]


def _mistake(exercise: Exercise, path: Path, name: str, entry: dict[str, object]) -> Mistake:
    missing = {"todo", "en", "es", "source"} - entry.keys()
    if missing:
        raise CourseError(f"{path}: [{name}] does not state {', '.join(sorted(missing))}")
    if not any(entry["todo"] in numbers for numbers in exercise.todos.values()):
        raise CourseError(f"{path}: [{name}] names TODO {entry['todo']}, which {exercise.solution.name} does not have")
    solution = exercise.solution.read_text(encoding="utf-8")
    if "old" in entry:
        old, new = str(entry["old"]), str(entry["new"])
        if solution.count(old) != 1:
            raise CourseError(
                f"{path}: [{name}] the text of 'old' occurs {solution.count(old)} times in {exercise.solution.name}; "
                "it must occur once"
            )
        code = solution.replace(old, new)
    else:
        code = overlay(exercise, exercise.hidden / "mistakes" / f"{name}.py")
    advice = {"en": str(entry["en"]), "es": str(entry["es"])}
    return Mistake(name, advice, int(str(entry["todo"])), code, str(entry["source"]))


def variants(exercise: Exercise) -> dict[str, str]:
    """Return the source of each accepted variant, by its file's name."""
    return {path.stem: overlay(exercise, path) for path in sorted((exercise.hidden / "variants").glob("*.py"))}


def second_reference(exercise: Exercise) -> str | None:
    """Return the source of the second reference, or None where it is not written yet."""
    path = exercise.hidden / "second_reference.py"
    return path.read_text(encoding="utf-8") if path.exists() else None


def right_answers(exercise: Exercise) -> dict[tuple[str, str], str]:
    """Return the sources that must earn every point, by kind and name: solution, second reference, variants."""
    answers = {("solution", "solution"): exercise.solution.read_text(encoding="utf-8")}
    second = second_reference(exercise)
    if second is not None:
        answers["second reference", "second_reference"] = second
    return answers | {("variant", name): source for name, source in variants(exercise).items()}


def reference(exercise: Exercise) -> str:
    """Return the source of the reference: the solution, and the suite's helpers where there are any."""
    path = exercise.hidden / "reference.py"
    return overlay(exercise, path) if path.exists() else exercise.solution.read_text(encoding="utf-8")


def overlay(exercise: Exercise, path: Path) -> str:
    """Return the solution with the functions of `path` in the place of its own."""
    try:
        functions = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{path} is missing; write the function there, or give the entry 'old' and 'new'") from None
    future = "from __future__ import annotations\n"
    return (
        future
        + exercise.solution.read_text(encoding="utf-8").replace(future, "")
        + "\n\n"
        + functions.replace(future, "")
    )
