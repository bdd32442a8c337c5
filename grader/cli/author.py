"""Commands for authors: `grader sync` and `grader verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.authoring import stubs
from grader.catalogue import load_course, select

Slugs = Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="Exercises; all of them without.")]


def sync(
    slugs: Slugs = None,
    check: Annotated[bool, typer.Option("--check", help="Compare only; exit 1 if a generated file is out of date.")] = False,
) -> None:
    """Write the stubs from the solutions."""
    exercises = select(load_course(), slugs or [])
    stale = stubs.stale_stubs(exercises)
    for exercise, stub in stale.items():
        name = exercise.stub.relative_to(exercise.root)
        if check:
            print(f"{name} is not what its solution gives; run: grader sync {exercise.slug}")
        else:
            exercise.stub.parent.mkdir(parents=True, exist_ok=True)
            exercise.stub.write_text(stub, encoding="utf-8")
            print(f"wrote {name}")
    if not stale:
        print(f"{len(exercises)} stubs are up to date")
    if stale and check:
        raise typer.Exit(1)


def verify() -> None:
    """Prove the suites."""
