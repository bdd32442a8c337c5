"""Commands about the tiny checkpoints: `grader checkpoints build | list | path`."""

from __future__ import annotations

import typer

app = typer.Typer(help="The tiny checkpoints that load offline under the real names.", no_args_is_help=True)


@app.command()
def path() -> None:
    """Print the folder to use as HF_HOME."""
    from grader.checkpoints import cache

    print(cache.ensure())
