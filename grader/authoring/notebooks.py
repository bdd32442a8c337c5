"""Makes an exercise's notebook out of its stub: the same imports, functions and steps, cell by cell.

Nothing random or of the day goes into it, so that the committed file can be compared with a fresh one.
"""

from __future__ import annotations

import ast

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.authoring.stubs import stub_of
from grader.catalogue import TODO, Exercise

TITLE = """# {number} · {en}

*{es}* · [README](README.md) · [en español](README.es.md)

{about}

Fill the steps in the cells below, then run the last cell: it runs the public checks on the functions of this notebook.
Hand in this notebook or `{file}`. If a step is written in `{file}`, that file counts.

*Completa los pasos en las celdas de abajo y ejecuta la última: pasa las comprobaciones a las funciones de este
notebook. Entrega este notebook o `{file}`. Si en `{file}` hay un paso escrito, cuenta ese archivo.*"""
START = """# Run this cell first: the names of the real checkpoints load tiny twins, offline.
# Ejecuta primero esta celda: los nombres de los checkpoints reales cargan gemelos diminutos, sin red.
from grader.student import use_tiny_checkpoints

use_tiny_checkpoints()"""
CHECK = """# lang="es": en español.
from grader.student import check

check("{slug}")"""


def notebook_of(exercise: Exercise) -> str:
    """Return the exercise's notebook as the text of its file."""
    stub = stub_of(exercise.solution.read_text(encoding="utf-8"), exercise.solution)
    about = (ast.get_docstring(ast.parse(stub)) or "").strip()
    title = TITLE.format(
        number=exercise.slug[:2], en=exercise.title["en"], es=exercise.title["es"], about=about, file=exercise.file
    )
    cells = [new_markdown_cell(title, id="title"), new_code_cell(START, id="start")]
    for name, source in parts(stub):
        steps = [int(match["number"]) for match in map(TODO.match, source.split("\n")) if match]
        if steps:
            span = f"{steps[0]}" if len(steps) == 1 else f"{steps[0]}–{steps[-1]}"
            cells.append(new_markdown_cell(f"## `{name}` · TODO {span}", id=f"about-{name}"))
        cells.append(new_code_cell(source, id=f"code-{name}"))
    cells.append(new_code_cell(CHECK.format(slug=exercise.slug), id="check"))
    notebook = new_notebook(cells=cells, metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def parts(source: str) -> list[tuple[str, str]]:
    """Cut a module into cells, each with a name: a function or class by its own, what stands between as `imports`, …

    Comments above a function go with it. The module's docstring is left out.
    """
    tree = ast.parse(source)
    lines = source.split("\n")
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    found: list[tuple[str, str]] = []
    others = iter(["imports", *(f"given-{number}" for number in range(1, 100))])
    pending = tree.body[0].end_lineno or 0 if body is not tree.body else 0
    for node in body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
        while first > pending and lines[first - 1].startswith("#"):
            first -= 1
        between = "\n".join(lines[pending:first]).strip("\n")
        if between.strip():
            found.append((next(others), between))
        pending = node.end_lineno or first
        found.append((node.name, "\n".join(lines[first:pending])))
    rest = "\n".join(lines[pending:]).strip("\n")
    return found + ([(next(others), rest)] if rest.strip() else [])


def stale_notebooks(exercises: list[Exercise]) -> dict[Exercise, str]:
    """Return the exercises whose committed notebook is not the one that their solution gives, with that notebook."""
    stale = {}
    for exercise in exercises:
        path, text = exercise.stub.parent / exercise.notebook, notebook_of(exercise)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale[exercise] = text
    return stale
