"""The command `grader checkpoints teach`. A released course does not have it: how the twins are taught solves steps."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from grader.checkpoints.card import Figures
from grader.checkpoints.recipe import Recipe, load_recipes
from grader.cli.checkpoints import recipe_of


def teach(
    names: Annotated[list[str] | None, typer.Argument(help="Checkpoints to teach; all taught ones without it.")] = None,
) -> None:
    """Train the taught checkpoints again: their weights, and the figures of their cards."""
    recipes = [recipe_of(name) for name in names or []] or [one for one in load_recipes().values() if one.taught]
    for recipe in recipes:
        if recipe.taught is None:
            raise typer.BadParameter(f"{recipe.name} is drawn, not taught; see: grader checkpoints list")
    # These import torch, which the other commands do without.
    from grader.checkpoints.teaching import train

    console = Console(stderr=True)
    for recipe in recipes:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            assert recipe.taught is not None
            task = bar.add_task(f"teaching {recipe.name}", total=recipe.taught.steps)
            figures = train.write(recipe, lambda step, _loss, bar=bar, task=task: bar.update(task, completed=step))  # type: ignore[misc]
        print(_scores(recipe, figures))


def _scores(recipe: Recipe, figures: Figures) -> str:
    counts = (
        f"{language}: held-out templates {score.held_out[0]}/{score.held_out[1]}, "
        f"probes {score.probes[0]}/{score.probes[1]}"
        for language, score in figures.scores.items()
    )
    return f"{recipe.name}  {figures.weights:,} weights; {'; '.join(counts)}"
