"""Commands for students: `grader list`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from grader import progress
from grader.answer import find_answer
from grader.catalogue import Exercise, load_course
from grader.notebooks.choice import steps_left

WORDS = {
    "en": {"columns": ("exercise", "", "", "minutes", "TODOs left", "public checks"), "unread": "cannot be read"},
    "es": {
        "columns": ("ejercicio", "", "", "minutos", "TODO restantes", "comprobaciones"),
        "unread": "no se puede leer",
    },
}


def list_exercises(
    lang: Annotated[Literal["en", "es"], typer.Option(help="Language of the table.")] = "en",
) -> None:
    """Show the exercises and where you stand."""
    course = load_course()
    words = WORDS[lang]
    table = Table(*words["columns"], box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    for exercise in course.values():
        known = progress.recall(exercise.root).get(exercise.slug, {})
        stand = f"{sum(result == 'passed' for result in known.values())}/{len(known)}" if known else "–"
        steps = sum(map(len, exercise.todos.values()))
        left = _todos_left(exercise, steps)
        todos = str(words["unread"]) if left is None else f"{left}/{steps}"
        stars, minutes = "★" * exercise.difficulty, str(exercise.minutes)
        table.add_row(exercise.slug, exercise.title[lang], stars, minutes, todos, stand)
    Console().print(table)


def _todos_left(exercise: Exercise, steps: int) -> int | None:
    try:
        source = find_answer(exercise.stub.parent, exercise.module, steps).source()
    except (OSError, UnicodeDecodeError):
        return None
    return None if source is None else steps_left(source, steps)
