"""Commands about the tiny checkpoints: `grader checkpoints build | list | path | env`."""

from __future__ import annotations

import shlex
import sys

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from grader.checkpoints import cache

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
    """Show each checkpoint: its name, class, size, and what it stands in for."""
    table = Table("name", "class", "KiB", "stands in for", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[2].justify = "right"
    for row in cache.rows():
        table.add_row(row.name, row.kind, f"{row.size / 1024:.0f}" if row.path else "not built", row.stands_in)
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
