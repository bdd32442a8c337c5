"""Results that are wrong in a way that shows in themselves: nothing, a generator or a function, a tuple of one, rounded
numbers.

Each is named only where the result proves it: the right value is inside, or rounding the right value gives this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader import wire
from grader.judge.compare import Tolerance, difference
from grader.judge.facts import Fact, form

UNFINISHED = {  # by what `form` calls it
    "builtins.coroutine": "coroutine",
    "builtins.function": "not_called",
    "builtins.method": "not_called",
    "builtins.builtin_function_or_method": "not_called",
    "functools.partial": "not_called",
}
DECIMALS = range(1, 7)
DIGITS = 2  # rounded ones, in all: a single number such as 0.5 is near a right one by chance
HALF = {"bfloat16": (8, 2.0**-6), "float16": (11, 2.0**-9)}  # significant bits; how far off a few steps in it may be
BY_CHANCE = 4  # bits: a number of so few, such as 0.5, is one of any precision


def nearly(got: Any, expected: Any, fact: Fact, tolerance: Tolerance) -> Fact:
    """Return what `got` is instead of `expected`, or `fact`, which tells them apart, where it is nothing of these."""
    if got is None and expected is not None:
        return Fact("returned_nothing", {"form": form(expected)})
    if isinstance(got, wire.Opaque) and got.type_name == "builtins.generator":
        return Fact("generator", {"form": form(expected)})
    if fact.kind == "wrong_type" and fact.values["got"] in UNFINISHED:
        values = {name: value for name, value in fact.values.items() if name != "got"}
        return Fact(UNFINISHED[fact.values["got"]], values)
    if isinstance(got, tuple) and len(got) == 1 and difference(got[0], expected, tolerance) is None:
        return Fact("tuple_of_one")
    pairs = list(_floats(got, expected)) if fact.kind == "wrong_numbers" else []
    if pairs:
        if _is_rounded(pairs):
            return Fact("rounded", fact.values)
        if (dtype := _half(pairs)) is not None:
            return Fact("half_precision", fact.values | {"dtype": dtype})
    return fact


def _floats(got: Any, expected: Any) -> Iterator[tuple[float, float]]:
    """Yield the floats of both, where both have one in the same place."""
    if isinstance(got, wire.Record):
        got = got.fields
    if isinstance(expected, wire.Record):
        expected = expected.fields
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected.keys() & got.keys():
            yield from _floats(got[key], expected[key])
    elif isinstance(expected, np.ndarray) and isinstance(got, np.ndarray):
        if got.shape == expected.shape and got.dtype.kind == expected.dtype.kind == "f":
            yield from zip(got.ravel().tolist(), expected.ravel().tolist(), strict=True)
    elif isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        for left, right in zip(got, expected, strict=False):
            yield from _floats(left, right)
    elif isinstance(expected, float) and isinstance(got, float):
        yield got, expected


def _is_rounded(pairs: list[tuple[float, float]]) -> bool:
    for decimals in DECIMALS:
        if decimals * len(pairs) < DIGITS:
            continue
        half = 0.5 * 10.0**-decimals
        if all(abs(round(got, decimals) - got) < 1e-7 and abs(got - right) <= half + 1e-6 for got, right in pairs):
            return True
    return False


def _half(pairs: list[tuple[float, float]]) -> str | None:
    got, right = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    if not np.isfinite(got).all() or (_to_bits(got, BY_CHANCE) == got).all():
        return None
    for dtype, (bits, off) in HALF.items():
        close = np.abs(got - right) <= off * np.maximum(1.0, np.abs(right))
        if close.all() and (_to_bits(got, bits) == got).all():
            return dtype
    return None


def _to_bits(values: np.ndarray[Any, Any], bits: int) -> np.ndarray[Any, Any]:
    """Return `values` rounded to so many significant bits."""
    fraction, exponent = np.frexp(values)
    rounded: np.ndarray[Any, Any] = np.ldexp(np.round(fraction * 2.0**bits), exponent - bits)
    return rounded
