"""The command `grader`. Each module holds the commands of one kind of user; errors become one line and an exit code."""

from grader.cli.app import app

__all__ = ["app"]
