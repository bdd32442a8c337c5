"""Whether two results are the same, and the first fact that tells them apart.

The expected value gives the form. A right answer in any form passes: a tensor as array, list or tuple of numbers;
a tuple as list or record; a dict as record, tuple or with further keys. Type and shape are compared before numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import wire
from grader.judge.facts import Fact, form, show


class _Any:
    """Stands in an expected result for a part that may be anything."""


ANY = _Any()


@dataclass(frozen=True)
class Tolerance:
    """`|got - expected| <= absolute + relative * |expected|`. The defaults lie above the noise of right answers."""

    relative: float = 1e-4
    absolute: float = 1e-5


# Between CUDA and the CPU: the same sums in another order, float32 throughout (TF32 is off in workers). Each device is
# as far from exact as float32 is from float64, which is at most 2e-5 for the twins of all families (relative where a
# number is above 1; 40 seeds each, on the CPU), so that two devices differ by 4e-5 at most. A test measures it again.
CUDA_FLOAT32 = Tolerance(relative=3e-4, absolute=1e-4)
BY_DEVICE = {"cpu": Tolerance(0.0, 0.0), "cuda": CUDA_FLOAT32}  # no wider on the CPU than a suite states

_of_device: ContextVar[Tolerance] = ContextVar("of_device", default=BY_DEVICE["cpu"])


@contextmanager
def on_device(device: str) -> Iterator[None]:
    """Within it, what suites compare was computed on `device`, and is allowed that device's tolerance."""
    token = _of_device.set(BY_DEVICE[device])
    try:
        yield
    finally:
        _of_device.reset(token)


def in_force(stated: Tolerance) -> Tolerance:
    """Return the tolerance that a suite stated, or that of the device where it is wider.

    An absolute tolerance below the default stays: the suite compares numbers far below 1.
    """
    device, usual = _of_device.get(), Tolerance()
    absolute = stated.absolute if stated.absolute < usual.absolute else max(stated.absolute, device.absolute)
    return Tolerance(max(stated.relative, device.relative), absolute)


def difference(got: Any, expected: Any, tolerance: Tolerance | None = None, path: str = "") -> Fact | None:
    """Return the first fact that tells `got` from `expected`, or None where they are the same."""
    tolerance = tolerance or Tolerance()
    if expected is ANY:
        return None
    if isinstance(expected, np.ndarray):
        return _array(got, expected, tolerance, path)
    if isinstance(expected, bool):
        return _scalar(got, expected, (bool,), tolerance, path)
    if isinstance(expected, int):
        return _scalar(got, expected, (int,), tolerance, path)
    if isinstance(expected, float):
        return _scalar(got, expected, (int, float), tolerance, path)
    if isinstance(expected, dict):
        return _mapping(got, expected, tolerance, path)
    if isinstance(expected, (list, tuple)):
        return _sequence(got, expected, tolerance, path)
    if isinstance(expected, wire.Record):
        return _mapping(got, expected, tolerance, path)
    if type(got) is not type(expected):
        return _wrong_type(got, expected, path)
    return None if got == expected else _wrong_value(got, expected, path)


def gap(got: Any, expected: Any) -> float:
    """Return the largest difference between the numbers of two results, relative where they are large.

    Infinity where the results differ in anything but floating-point numbers.
    """
    left, right = list(_leaves(got)), list(_leaves(expected))
    if [path for path, _ in left] != [path for path, _ in right]:
        return float("inf")
    largest = 0.0
    for (_, a), (_, b) in zip(left, right, strict=True):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.dtype.kind == b.dtype.kind == "f":
            with np.errstate(invalid="ignore"):
                distance = np.abs(a.astype(np.float64) - b) / np.maximum(1.0, np.abs(b.astype(np.float64)))
            largest = max(largest, float(np.nan_to_num(distance, nan=np.inf).max(initial=0.0)))
        elif isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
            largest = max(largest, 0.0 if np.array_equal(a, b) else float("inf"))
        elif a != b:
            largest = float("inf")
    return largest


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}.{index}")
    elif isinstance(value, wire.Record):
        yield from _leaves(value.fields, path)
    elif isinstance(value, (float, np.ndarray)):
        array = np.asarray(value)
        yield f"{path}:{array.shape}", array
    else:
        yield path, value


def _array(got: Any, expected: np.ndarray[Any, Any], tolerance: Tolerance, path: str) -> Fact | None:
    array = as_array(got)
    if array is None or _family(array) != _family(expected):
        return _wrong_type(got, expected, path)
    if array.shape != expected.shape:
        return Fact("wrong_shape", {"got": form(array), "form": form(expected), **_at_path(path)})
    if expected.dtype.kind != "f":
        wrong = np.argwhere(array != expected)
        return None if not len(wrong) else _at(array, expected, tuple(wrong[0]), path)
    left, right = array.astype(np.float64), expected.astype(np.float64)
    with np.errstate(invalid="ignore"):
        same = (left == right) | (np.isnan(left) & np.isnan(right))
        gaps = np.where(same, 0.0, np.abs(left - right))
        allowed = same | (gaps <= tolerance.absolute + tolerance.relative * np.abs(right))
    if allowed.all():
        return None
    bad = ~np.isfinite(left) & np.isfinite(right)
    if bad.any():
        where = tuple(np.argwhere(bad)[0])
        values = {"got": show(float(left[where])), "expected": show(float(right[where]))}
        return Fact("not_finite", values | _at_path(_where(path, where)))
    where = tuple(
        np.unravel_index(int(np.argmax(np.where(allowed, -1.0, np.nan_to_num(gaps, nan=np.inf)))), gaps.shape)
    )
    return _numbers(float(left[where]), float(right[where]), _where(path, where))


def as_array(got: Any) -> np.ndarray[Any, Any] | None:
    """Return a result that is numbers alone, in whatever form, as an array; None where it is something else."""
    if isinstance(got, np.ndarray):
        return got
    if isinstance(got, (list, tuple)) and got and all(isinstance(item, np.ndarray) for item in got):
        return np.stack(got) if len({item.shape for item in got}) == 1 else None
    if isinstance(got, (list, tuple, int, float, bool)) and _is_of_numbers(got):
        try:
            array = np.array(got)
        except (ValueError, OverflowError):
            return None
        if array.dtype.kind in "fib":
            return array
    return None


def _is_of_numbers(got: Any) -> bool:
    """Whether there are numbers alone: of texts numpy makes rows as wide as the longest, which can be gigabytes."""
    if isinstance(got, (list, tuple)):
        return all(map(_is_of_numbers, got))
    return isinstance(got, (int, float, np.ndarray))


def _family(array: np.ndarray[Any, Any]) -> str:
    return {"f": "float", "i": "int", "u": "int", "b": "bool"}[array.dtype.kind]


def _scalar(got: Any, expected: Any, kinds: tuple[type, ...], tolerance: Tolerance, path: str) -> Fact | None:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    if not isinstance(got, kinds) or (isinstance(got, bool) and bool not in kinds):
        return _wrong_type(got, expected, path)
    if float not in kinds:
        return None if got == expected else _wrong_value(got, expected, path)
    return _array(np.asarray(got, dtype=np.float64), np.array(expected), tolerance, path)


def _mapping(got: Any, expected: dict[Any, Any] | wire.Record, tolerance: Tolerance, path: str) -> Fact | None:
    wanted = expected.fields if isinstance(expected, wire.Record) else expected
    if isinstance(got, wire.Record):
        got = got.fields
    if isinstance(got, (tuple, list)) and len(got) == len(wanted):
        got = dict(zip(wanted, got, strict=True))
    if not isinstance(got, dict):
        return _wrong_type(got, expected, path)
    for key, value in wanted.items():
        if key not in got:
            return Fact("missing_field", {"field": show(key), "got": show(got)})
        fact = difference(got[key], value, tolerance, f"{path}[{show(key)}]")
        if fact is not None:
            return fact
    return None


def _sequence(got: Any, expected: list[Any] | tuple[Any, ...], tolerance: Tolerance, path: str) -> Fact | None:
    if isinstance(got, wire.Record):
        got = list(got.fields.values())
    if isinstance(got, dict) and isinstance(expected, tuple):
        got = list(got.values())
    if not isinstance(got, (list, tuple)) and not (isinstance(got, np.ndarray) and got.ndim):
        return _wrong_type(got, expected, path)
    if len(got) != len(expected):  # before an array of millions of rows becomes a list of them
        return Fact(
            "wrong_length", {"got": show(got), "count": len(got), "wanted": len(expected), "expected": show(expected)}
        )
    if isinstance(got, np.ndarray):
        got = list(got) if got.ndim > 1 else got.tolist()
    for index, (item, value) in enumerate(zip(got, expected, strict=True)):
        fact = difference(item, value, tolerance, f"{path}[{index}]")
        if fact is not None:
            return fact
    return None


def _wrong_type(got: Any, expected: Any, path: str) -> Fact:
    return Fact("wrong_type", {"got": form(got), "form": form(expected), **_at_path(path)})


def _wrong_value(got: Any, expected: Any, path: str) -> Fact:
    return Fact("wrong_value", {"got": show(got), "expected": show(expected), **_at_path(path)})


def _at_path(path: str) -> dict[str, str]:
    return {"at_en": f" at {path}", "at_es": f" en {path}"} if path else {}


def _at(got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any], where: tuple[Any, ...], path: str) -> Fact:
    return _wrong_value(got[where].item(), expected[where].item(), _where(path, where))


def _numbers(got: float, expected: float, path: str) -> Fact:
    size = abs(got - expected)
    return Fact("wrong_numbers", {"got": show(got), "gap": show(size), "expected": show(expected), **_at_path(path)})


def _where(path: str, index: tuple[Any, ...]) -> str:
    return path + ("[" + ", ".join(str(int(i)) for i in index) + "]" if index else "")
