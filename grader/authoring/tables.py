"""The table of exercises in the READMEs, written between two comments."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from grader.catalogue import CourseError, Exercise

BLOCK = re.compile(r"(<!-- exercises: written by grader sync -->\n).*?(<!-- end of exercises -->)", re.DOTALL)
HEADINGS = {
    "README.md": ("en", "README.md", ("exercise", "lesson", "", "minutes", "points")),
    "README.es.md": ("es", "README.es.md", ("ejercicio", "lección", "", "minutos", "puntos")),
}


def table(exercises: list[Exercise], language: str, readme: str, headings: tuple[str, ...]) -> str:
    """Return the Markdown table of `exercises`; each title links to the exercise's own README."""
    rows = [headings, ("---", "---", "---", "---:", "---:")]
    for exercise in exercises:
        title = f"[{exercise.slug[:2]} · {exercise.title[language]}](exercises/{exercise.slug}/{readme})"
        rows.append((title, exercise.lesson, "★" * exercise.difficulty, str(exercise.minutes), str(points(exercise))))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def points(exercise: Exercise) -> int:
    """Return the number of hidden checks."""
    tree = ast.parse(exercise.suite.read_text(encoding="utf-8"))
    return sum(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in tree.body)


def stale_tables(exercises: list[Exercise], root: Path) -> dict[Path, str]:
    """Return the READMEs whose table is not that of `exercises`, with the text that they should have."""
    stale = {}
    for name, (language, readme, headings) in HEADINGS.items():
        path = root / name
        text = path.read_text(encoding="utf-8")
        if not BLOCK.search(text):
            raise CourseError(f"{path} has no '<!-- exercises: written by grader sync -->' block; put it back")
        made = table(exercises, language, readme, headings)
        wanted = BLOCK.sub(rf"\g<1>{made}\g<2>", text)
        if wanted != text:
            stale[path] = wanted
    return stale
