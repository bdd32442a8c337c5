"""Commands about the tiny checkpoints: `grader checkpoints build | list | card | path | env`."""

from __future__ import annotations

import shlex
import sys
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from grader.checkpoints import cache
from grader.checkpoints.card import card_of
from grader.checkpoints.recipe import Recipe, find_recipe

app = typer.Typer(help="The tiny checkpoints that load offline under the real names.", no_args_is_help=True)


def ensure() -> None:
    """Build the checkpoints if they are missing, with a progress bar on standard error."""
    if cache.is_built():
        return
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("building the tiny checkpoints (once)")
        cache.ensure(
            lambda name, done, total: bar.update(task, completed=done, total=total, description=f"building {name}")
        )


@app.command()
def build() -> None:
    """Build the checkpoints; nothing happens if they are there."""
    there = cache.is_built()
    ensure()
    print(f"{'already built' if there else 'built'}: {cache.home()}")


@app.command("list")
def list_checkpoints() -> None:
    """Show each checkpoint: its name, class, weights (taught or drawn), size, and what it stands in for."""
    table = Table("name", "class", "weights", "KiB", "stands in for", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[3].justify = "right"
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    for row in cache.rows():
        size = f"{row.size / 1024:.0f}" if row.path else "not built"
        table.add_row(row.name, row.kind, "taught" if row.taught else "drawn", size, row.stands_in)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


@app.command()
def path() -> None:
    """Print the folder to use as HF_HOME, built if it is missing."""
    ensure()
    print(cache.home())


@app.command()
def env() -> None:
    """Print the lines that make a shell use the checkpoints: eval "$(grader checkpoints env)"."""
    ensure()
    for name, value in cache.environment().items():
        print(f"export {name}={shlex.quote(value)}")


@app.command()
def card(name: Annotated[str, typer.Argument(help="A name or alias of `grader checkpoints list`.")]) -> None:
    """Print a checkpoint's card: what it is, what it knows and does not know, how often it is right."""
    print(card_of(recipe_of(name)), end="")


def recipe_of(name: str) -> Recipe:
    """Return the recipe of a checkpoint that somebody named. Errors: `typer.BadParameter` if there is none."""
    try:
        return find_recipe(name)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="NAME") from None
