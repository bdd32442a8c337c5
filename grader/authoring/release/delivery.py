"""Writes released files into a folder, and again over an earlier release: never over what is somebody else's.

A manifest in the folder says what was written. A later release replaces those files where they are as they were
written, removes those that it has no more, and leaves every other file alone. Committing is the instructor's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.release.contents import ReleaseError

MANIFEST = ".release.json"
SCHEMA = "grader/release/v1"


@dataclass(frozen=True)
class Delivered:
    """What was done, by paths in the folder. `kept` are released files that were changed there, and stay so."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def deliver(files: Mapping[str, bytes], folder: Path) -> Delivered:
    """Write `files` into `folder`, which is new, empty, or holds an earlier release.

    Errors: `ReleaseError` names what is in the way; then nothing was written.
    """
    if folder.exists() and not folder.is_dir():
        raise ReleaseError(f"{folder} is a file; give a folder")
    before = _manifest(folder)
    foreign = [name for name in files if name not in before and _is_there(folder / name)]
    if foreign:
        raise ReleaseError(f"{folder / foreign[0]} is not from a release; move it away first, or choose another folder")
    changed = {name for name, digest in before.items() if _is_there(folder / name) and _digest(folder / name) != digest}
    kept = sorted(name for name in changed if files.get(name) != _content(folder / name))
    removed = sorted(name for name in before if name not in files and name not in changed and _is_there(folder / name))
    written = sorted(name for name, data in files.items() if name not in kept and _content(folder / name) != data)
    folder.mkdir(parents=True, exist_ok=True)
    for name in written:
        _write(folder, name, files[name])
    for name in removed:
        (folder / name).unlink()
        _remove_empty(folder, (folder / name).parent)
    # What stays here because it was changed is a release's all the same: a later one may bring it again.
    record = {name: before[name] for name in kept} | {n: hashlib.sha256(data).hexdigest() for n, data in files.items()}
    manifest = json.dumps({"schema": SCHEMA, "files": record}, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    return Delivered(tuple(written), tuple(removed), tuple(kept))


def _manifest(folder: Path) -> dict[str, str]:
    """Return what an earlier release wrote. Errors: `ReleaseError` if the folder holds anything and no manifest."""
    path = folder / MANIFEST
    if not path.exists():
        others = sorted(item.name for item in folder.iterdir() if item.name != ".git") if folder.is_dir() else []
        if others:
            raise ReleaseError(f"{folder} holds {others[0]} and is no released course; give a new or an empty folder")
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in data["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReleaseError(f"{path} is damaged; restore it, or release into a new folder") from None
    if data.get("schema") != SCHEMA or any(Path(name).is_absolute() or ".." in Path(name).parts for name in files):
        raise ReleaseError(f"{path} is no manifest of this version; release into a new folder")
    return files


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _digest(path: Path) -> str:
    data = _content(path)
    return hashlib.sha256(data).hexdigest() if data is not None else ""


def _write(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ReleaseError(f"{path} cannot be written ({error.strerror}); mend that and release again") from None


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
