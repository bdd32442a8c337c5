"""Answers that know nothing and must earn nothing: constants, random numbers, the first right answer again.

They have the form of a right answer, so that a check which looks at the form alone is found out.
"""

from __future__ import annotations

from grader.catalogue import Exercise

REMEMBERS = "returns_the_first_right_answer_again"
NAMES = (
    "returns_nothing",
    "returns_its_argument",
    "returns_zeros",
    "returns_ones",
    "returns_random_numbers",
    REMEMBERS,
    "always_raises",
)

PRELUDE = """
import random as _random

import torch as _torch


def _filled(value, fill):
    if isinstance(value, _torch.Tensor):
        return _torch.tensor([fill(x) for x in value.flatten().tolist()], dtype=value.dtype).reshape(value.shape)
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(item, fill) for item in value)
    if hasattr(value, "items"):
        return {key: _filled(item, fill) for key, item in value.items()}
    if isinstance(value, (bool, int, float)):
        return type(value)(fill(value))
    return "" if isinstance(value, str) else None


def _random_like(x):
    return _random.randrange(max(3, 2 * abs(x) + 2)) if isinstance(x, int) else _random.random()


def _degenerate(right, kind):
    first = []

    def function(*args, **kwargs):
        if kind == "returns_nothing":
            return None
        if kind == "returns_its_argument":
            return args[0] if args else next(iter(kwargs.values()), None)
        if kind == "always_raises":
            raise ValueError("always")
        if kind == "returns_the_first_right_answer_again":
            if not first:
                try:
                    first.append((right(*args, **kwargs), None))
                except Exception as error:
                    first.append((None, error))
            if first[0][1] is not None:
                raise first[0][1]
            return first[0][0]
        try:
            value = right(*args, **kwargs)
        except Exception:
            return None
        fill = {"returns_zeros": lambda x: 0, "returns_ones": lambda x: 1}.get(kind, _random_like)
        return _filled(value, fill)

    return function


"""


def sources(exercise: Exercise) -> dict[str, str]:
    """Return the source of each degenerate answer, by name."""
    solution = exercise.solution.read_text(encoding="utf-8")
    wrapped = "".join(f"_right_{name} = {name}\n" for name in exercise.todos)
    return {
        kind: solution
        + PRELUDE
        + wrapped
        + "".join(f"{n} = _degenerate(_right_{n}, {kind!r})\n" for n in exercise.todos)
        for kind in NAMES
    }
