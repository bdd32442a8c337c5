"""Which file of an exercise is the answer, the module or the notebook: one rule for grades, public checks and lists.

The module counts, unless no step is written in it and one is written in the notebook.
"""

from __future__ import annotations

import re
from typing import Literal

UNWRITTEN = re.compile(r"""^[ \t]*raise NotImplementedError\(["']TODO \d+["']\)""", re.MULTILINE)


def steps_left(source: str, steps: int) -> int:
    """Return how many of the exercise's `steps` are not written in `source`; all of them where it is blank."""
    return min(steps, len(UNWRITTEN.findall(source))) if source.strip() else steps


def which_counts(module: str | None, notebook: str | None, steps: int) -> Literal["module", "notebook"]:
    """Return which of two sources is the answer; None is a file that is not there.

    A notebook that cannot be read is given as a text without steps: its student wrote in it, and is told.
    """
    if notebook is None:
        return "module"
    if module is None:
        return "notebook"
    if steps_left(module, steps) == steps and steps_left(notebook, steps) < steps:
        return "notebook"
    return "module"
