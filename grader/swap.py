"""Puts other files in the place of a student's, and theirs back: nothing that was there is ever lost.

What is replaced is kept below `.grader/saved/NN_slug/`, one folder for each replacement, named by its time. Saves that
can still be undone form a stack; what an undo replaces is kept too, but not on the stack.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.catalogue import Exercise

SAVED = Path(".grader") / "saved"
RECORD = "saved.json"


class SwapError(Exception):
    """Nothing was lost: what was changed is saved. The message says why it ended, and what to do."""


@dataclass(frozen=True)
class Swap:
    """What was done: `changed` files, and the folder with what stood there before; None where nothing changed.

    `damaged` are later saves that an undo passed over, because their record cannot be read.
    """

    changed: tuple[Path, ...]
    saved: Path | None
    damaged: tuple[Path, ...] = ()


def put(exercise: Exercise, files: Mapping[str, bytes], why: str) -> Swap:
    """Write `files` (by name) into the exercise's folder, after saving what they replace; equal files are left alone.

    Errors: `SwapError` if a folder stands in the way, or nothing can be written.
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

    A save whose record is damaged is passed over, and keeps no other from being undone; its files stay where they are.
    Errors: `SwapError` if there is nothing to undo; it names the saves that were passed over.
    """
    records = {path: _record(path) for path in _saves(exercise)}
    stack = [path for path, record in records.items() if record is not None and record["undoable"]]
    damaged = [path for path, record in records.items() if record is None]
    if not stack:
        raise SwapError(_nothing_to_undo(exercise, damaged))
    last = stack[-1]
    record = records[last]
    assert record is not None
    folder = exercise.stub.parent
    before = {name: _saved_content(last / name) if name in record["files"] else None for name in record["names"]}
    different = [name for name, data in before.items() if _content(folder / name) != data]
    saved = _save(exercise, different, "undo", undoable=False) if different else None
    for name in different:
        data = before[name]
        if data is None:
            with _told(folder / name):
                (folder / name).unlink()
        else:
            _write(folder / name, data)
    _write(last / RECORD, json.dumps(record | {"undoable": False}, indent=1).encode())
    later = tuple(path for path in damaged if path > last)
    return Swap(tuple(folder / name for name in different), saved, later)


def _content(path: Path) -> bytes | None:
    if path.is_dir():
        raise SwapError(f"{path} is a folder; move it away first")
    try:
        with _told(path, "read"):
            return path.read_bytes()
    except FileNotFoundError:
        return None


def _saved_content(path: Path) -> bytes:
    data = _content(path)
    if data is None:
        raise SwapError(f"{path} is gone, so that it cannot be put back; nothing was changed")
    return data


def _nothing_to_undo(exercise: Exercise, damaged: list[Path]) -> str:
    if damaged:
        place = damaged[-1].relative_to(exercise.root).as_posix()
        return f"{place}/{RECORD} is damaged, so that it cannot be undone; its files are beside it: copy them back"
    return f"there is nothing to undo in {exercise.slug}; saved files lie in {SAVED / exercise.slug}/"


@contextmanager
def _told(path: Path, what: str = "written") -> Iterator[None]:
    """Say in one line that a file or folder is out of reach, but for a file that is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SwapError(f"{path} cannot be {what} ({error.strerror}); mend that and repeat the command") from None


def _saves(exercise: Exercise) -> list[Path]:
    folder = exercise.root / SAVED / exercise.slug
    return sorted(path.parent for path in folder.glob(f"*/{RECORD}"))


def _record(saved: Path) -> dict[str, Any] | None:
    """Return what was saved, or None where the record is damaged or names files of other folders."""
    try:
        data = json.loads((saved / RECORD).read_text(encoding="utf-8"))
        names = {Path(name).name for name in data["names"]}
        is_whole = names == {*data["names"]} >= {*data["files"]} and isinstance(data["undoable"], bool)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return data if is_whole else None


def _save(exercise: Exercise, names: list[str], why: str, undoable: bool) -> Path:
    """Copy the files `names` into a new folder; its record is written last, so that a half save counts for nothing."""
    room = exercise.root / SAVED / exercise.slug
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    with _told(room):
        room.mkdir(parents=True, exist_ok=True)
        number = len(list(room.glob(f"{stamp}*")))
        saved = room / f"{stamp}-{number:03d}"
        saved.mkdir()
    there = []
    for name in names:
        data = _content(exercise.stub.parent / name)
        if data is not None:
            with _told(saved / name):
                (saved / name).write_bytes(data)
            there.append(name)
    record = {"why": why, "names": names, "files": there, "undoable": undoable}
    _write(saved / RECORD, json.dumps(record, indent=1).encode())
    return saved


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with _told(path):
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
