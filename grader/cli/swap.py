"""Commands that put another file in the place of a student's: `grader solve`, `grader reset` and `grader undo`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from grader import swap
from grader.catalogue import CourseError, Exercise, load_course, select

Slugs = Annotated[list[str], typer.Argument(metavar="SLUG...", help="Exercises, by name or number.")]
Language = Annotated[Literal["en", "es"], typer.Option(help="Language of the messages.")]
WORDS = {
    "en": {
        "solve": "{file} is the solution now; what was there is in {saved}/ (back: grader undo {number})",
        "reset": "{file} is the untouched one now; what was there is in {saved}/ (back: grader undo {number})",
        "undo": "{file} is back; what was in its place is in {saved}/",
        "damaged": "{saved}/saved.json is damaged, so an earlier save was put back; what that one saved is beside it",
        "same": {"solve": "{slug}: the solution is there already", "reset": "{slug}: the stub is there already",
                 "undo": "{slug}: what was saved is there already"},
    },
    "es": {
        "solve": "{file} es ahora la solución; lo que había está en {saved}/ (volver: grader undo {number})",
        "reset": "{file} es ahora el archivo sin tocar; lo que había está en {saved}/ (volver: grader undo {number})",
        "undo": "{file} vuelve a estar; lo que había en su lugar está en {saved}/",
        "damaged": "{saved}/saved.json está dañado, así que vuelve una copia anterior; lo que guardaba está a su lado",
        "same": {"solve": "{slug}: la solución ya está", "reset": "{slug}: el archivo sin tocar ya está",
                 "undo": "{slug}: lo guardado ya está"},
    },
}  # fmt: skip


def solve(slugs: Slugs, lang: Language = "en") -> None:
    """Put the solution in the place of your file, after saving yours. For instructors: students have no solutions."""
    for exercise in select(load_course(), slugs):
        if not exercise.solution.exists():
            raise CourseError("this course comes without solutions; ask your instructor")
        _tell(exercise, swap.put(exercise, {exercise.file: exercise.solution.read_bytes()}, "solve"), "solve", lang)


def reset(slugs: Slugs, lang: Language = "en") -> None:
    """Put the untouched stub and notebook in the place of your files, after saving yours."""
    for exercise in select(load_course(), slugs):
        _tell(exercise, swap.put(exercise, _originals(exercise), "reset"), "reset", lang)


def undo(slugs: Slugs, lang: Language = "en") -> None:
    """Put back what the last `solve` or `reset` replaced; what is there now is saved first."""
    for exercise in select(load_course(), slugs):
        _tell(exercise, swap.undo(exercise), "undo", lang)


def _originals(exercise: Exercise) -> dict[str, bytes]:
    """Return stub and notebook as they were made: from the solution where there is one, else the kept copies."""
    if exercise.solution.exists():
        from grader.authoring.notebooks import notebook_of  # not there in a released course, like the solutions
        from grader.authoring.stubs import stub_of

        stub = stub_of(exercise.solution.read_text(encoding="utf-8"), exercise.solution)
        return {exercise.file: stub.encode(), exercise.notebook: notebook_of(exercise).encode()}
    try:
        return {name: (exercise.kept / name).read_bytes() for name in (exercise.file, exercise.notebook)}
    except FileNotFoundError as error:
        raise CourseError(f"{error.filename} is missing; restore it with: git checkout -- grader/stubs") from None


def _tell(exercise: Exercise, done: swap.Swap, command: str, lang: str) -> None:
    words = WORDS[lang]
    for path in done.damaged:
        print(words["damaged"].format(saved=path.relative_to(exercise.root).as_posix()))  # type: ignore[attr-defined]
    if not done.changed:
        print(words["same"][command].format(slug=exercise.slug))  # type: ignore[index]
    for path in done.changed:
        assert done.saved is not None
        file, saved = (place.relative_to(exercise.root).as_posix() for place in (path, done.saved))
        print(words[command].format(file=file, saved=saved, number=exercise.slug[:2]))  # type: ignore[attr-defined]
