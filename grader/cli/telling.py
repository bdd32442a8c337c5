"""What commands say on standard error while they work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape as rich_escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from grader.batch import Progress as Tell
from grader.reports import escape


@contextmanager
def progress() -> Iterator[Tell]:
    """Show on standard error what is being graded: a spinner in a terminal, a line per submission elsewhere."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting the worker process (it imports torch and transformers)")
        said: set[str] = set()

        def tell(name: str, slug: str) -> None:
            shown = escape.log(escape.line(name, 60))
            bar.update(task, description=f"grading {rich_escape(shown)} · {slug}")
            if not console.is_terminal and name not in said:
                said.add(name)
                console.print(Text(f"grading {shown} …", style="dim"))

        yield tell
