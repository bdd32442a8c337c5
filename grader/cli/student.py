"""Commands for students: `grader list`."""


def list_exercises() -> None:
    """Show the exercises and where you stand."""
