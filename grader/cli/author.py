"""Commands for authors: `grader new` and `grader sync`."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.authoring import notebooks, stubs, tables
from grader.authoring.scaffold import scaffold
from grader.catalogue import ROOT, load_course, select
from grader.cli.verify import Slugs


def new(slug: Annotated[str, typer.Argument(help="Two digits and words: 26_my_exercise.")]) -> None:
    """Write the files of a new exercise, ready to be filled."""
    for path in scaffold(slug, ROOT):
        print(f"wrote {path.relative_to(ROOT)}")
    print(f"fill them in, then: grader sync {slug} && grader verify {slug}")


def sync(
    slugs: Slugs = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare only; exit 1 if a generated file is out of date.")
    ] = False,
) -> None:
    """Write what is generated: stubs and notebooks from the solutions, and the READMEs' tables of exercises."""
    course = load_course()
    exercises = select(course, slugs or [])
    stale = {exercise.stub: stub for exercise, stub in stubs.stale_stubs(exercises).items()}
    stale |= {e.stub.parent / e.notebook: text for e, text in notebooks.stale_notebooks(exercises).items()}
    if all(exercise.suite.exists() for exercise in course.values()):
        stale |= tables.stale_tables(list(course.values()), ROOT)
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if check:
            print(f"{name} is not what its source gives; run: grader sync")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    if not stale:
        print("every generated file is up to date")
    if stale and check:
        raise typer.Exit(1)
