"""Puts other files in the place of a student's, and theirs back: nothing that was there is ever lost.

What is replaced is kept below `.grader/saved/NN_slug/`, one folder for each replacement, named by its time. Saves that
can still be undone form a stack; what an undo replaces is kept too, but not on the stack.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.catalogue import Exercise

SAVED = Path(".grader") / "saved"
RECORD = "saved.json"


class SwapError(Exception):
    """Nothing was changed. The message says why and what to do."""


@dataclass(frozen=True)
class Swap:
    """What was done: `changed` files, and the folder with what stood there before; None where nothing changed."""

    changed: tuple[Path, ...]
    saved: Path | None


def put(exercise: Exercise, files: Mapping[str, bytes], why: str) -> Swap:
    """Write `files` (by name) into the exercise's folder, after saving what they replace; equal files are left alone.

    Errors: `SwapError` if a folder stands in the way, or nothing can be written; then nothing was changed.
    """
    folder = exercise.stub.parent
    different = {name: data for name, data in files.items() if _content(folder / name) != data}
    if not different:
        return Swap((), None)
    saved = _save(exercise, list(different), why, undoable=True)
    for name, data in different.items():
        _write(folder / name, data)
    return Swap(tuple(folder / name for name in different), saved)


def undo(exercise: Exercise) -> Swap:
    """Put back what the last replacement that is not undone replaced. What stands there now is saved first.

    Errors: `SwapError` if there is nothing to undo.
    """
    stack = [path for path in _saves(exercise) if _record(path)["undoable"]]
    if not stack:
        raise SwapError(f"there is nothing to undo in {exercise.slug}; saved files lie in {SAVED / exercise.slug}/")
    last = stack[-1]
    record = _record(last)
    folder = exercise.stub.parent
    before = {name: (last / name).read_bytes() if name in record["files"] else None for name in record["names"]}
    different = [name for name, data in before.items() if _content(folder / name) != data]
    saved = _save(exercise, different, "undo", undoable=False) if different else None
    for name in different:
        data = before[name]
        if data is None:
            (folder / name).unlink()
        else:
            _write(folder / name, data)
    _write(last / RECORD, json.dumps(record | {"undoable": False}, indent=1).encode())
    return Swap(tuple(folder / name for name in different), saved)


def _content(path: Path) -> bytes | None:
    if path.is_dir():
        raise SwapError(f"{path} is a folder; move it away first")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _saves(exercise: Exercise) -> list[Path]:
    folder = exercise.root / SAVED / exercise.slug
    return sorted(path.parent for path in folder.glob(f"*/{RECORD}"))


def _record(saved: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((saved / RECORD).read_text(encoding="utf-8"))
    return data


def _save(exercise: Exercise, names: list[str], why: str, undoable: bool) -> Path:
    """Copy the files `names` into a new folder; its record is written last, so that a half save counts for nothing."""
    room = exercise.root / SAVED / exercise.slug
    room.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    number = len(list(room.glob(f"{stamp}*")))
    saved = room / f"{stamp}-{number:03d}"
    saved.mkdir()
    there = []
    for name in names:
        data = _content(exercise.stub.parent / name)
        if data is not None:
            (saved / name).write_bytes(data)
            there.append(name)
    record = {"why": why, "names": names, "files": there, "undoable": undoable}
    _write(saved / RECORD, json.dumps(record, indent=1).encode())
    return saved


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
