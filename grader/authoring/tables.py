"""What the READMEs say of all exercises: their table, and a map from the lesson's sections, between two comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

from grader.catalogue import SECTIONS, CourseError, Exercise

BLOCK = re.compile(r"(<!-- exercises: written by grader sync -->\n).*?(<!-- end of exercises -->)", re.DOTALL)
HEADINGS = {
    "README.md": ("en", ("exercise", "lesson", "", "minutes", "points", "checkpoint to try at home")),
    "README.es.md": ("es", ("ejercicio", "lección", "", "minutos", "puntos", "checkpoint para probar en casa")),
}
MAP_HEADINGS = {"en": ("section of the lesson", "exercises"), "es": ("sección de la lección", "ejercicios")}


def table(exercises: list[Exercise], language: str, readme: str, headings: tuple[str, ...]) -> str:
    """Return the Markdown table of `exercises`; each title links to the exercise's own README."""
    rows = [headings, ("---", "---", "---", "---:", "---:", "---")]
    for exercise in exercises:
        title = f"[{exercise.slug[:2]} · {exercise.title[language]}](exercises/{exercise.slug}/{readme})"
        stars, minutes = "★" * exercise.difficulty, str(exercise.minutes)
        rows.append((title, exercise.lesson, stars, minutes, str(points(exercise)), f"`{exercise.at_home}`"))
    return _markdown(rows)


def lesson_map(exercises: list[Exercise], language: str, readme: str) -> str:
    """Return the Markdown table of the lesson's sections, each with the numbers of the exercises that train it."""
    rows = [MAP_HEADINGS[language], ("---", "---")]
    for section, english in SECTIONS.items():
        training = [exercise for exercise in exercises if section in (exercise.lesson, *exercise.also)]
        if not training:
            raise CourseError(f"no exercise trains {section!r}; name it as 'lesson' or in 'also' of an exercise.toml")
        links = ", ".join(f"[{e.slug[:2]}](exercises/{e.slug}/{readme})" for e in training)
        heading = section if language == "es" or english == section else f"{section} ({english})"
        rows.append((heading, links))
    return _markdown(rows)


def points(exercise: Exercise) -> int:
    """Return the number of hidden checks that need no device of their own."""
    tree = ast.parse(exercise.suite.read_text(encoding="utf-8"))
    checks = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    return sum(not any(ast.unparse(mark) == "pytest.mark.gpu" for mark in check.decorator_list) for check in checks)


def stale_tables(exercises: list[Exercise], root: Path) -> dict[Path, str]:
    """Return the READMEs whose tables are not those of `exercises`, with the text that they should have."""
    stale = {}
    for readme, (language, headings) in HEADINGS.items():
        path = root / readme
        text = path.read_text(encoding="utf-8")
        if not BLOCK.search(text):
            raise CourseError(f"{path} has no '<!-- exercises: written by grader sync -->' block; put it back")
        made = f"{table(exercises, language, readme, headings)}\n{lesson_map(exercises, language, readme)}"
        wanted = BLOCK.sub(rf"\g<1>{made}\g<2>", text)
        if wanted != text:
            stale[path] = wanted
    return stale


def _markdown(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
