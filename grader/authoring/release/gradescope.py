"""The autograder zip for Gradescope. It is the instructor's: hidden suites and solutions are in it.

Gradescope unpacks it into `/autograder/source`, runs `setup.sh` once when it builds the image, and `run_autograder` for
each submission.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from grader.authoring.release.contents import files_of, render
from grader.catalogue import ROOT, Exercise

FILES = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")
EXECUTABLE = ("setup.sh", "run_autograder")
DAY = (2000, 1, 1, 0, 0, 0)  # the same content gives the same zip


def autograder_zip(exercises: Sequence[Exercise], seed: int, lang: str, reveal: str, torch_index: str | None) -> bytes:
    """Return the zip. `seed` draws the hidden inputs of every submission, so that all get the same."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    torch = next(line for line in pins if line.startswith("torch=="))
    run = {"exercises": exercises, "seed": seed, "lang": lang, "reveal": reveal}
    known = {**run, "torch": torch, "torch_index": torch_index}
    files = {name: render(name, known).encode() for name in EXECUTABLE}
    files |= {f"course/{path.relative_to(ROOT).as_posix()}": path.read_bytes() for path in _course(exercises)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, DAY)
            entry.external_attr = (0o755 if name in EXECUTABLE else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def _course(exercises: Sequence[Exercise]) -> list[Path]:
    chosen = {exercise.slug for exercise in exercises}
    folders = [ROOT / "exercises", ROOT / "solutions", ROOT / "grader" / "hidden"]
    paths = [ROOT / name for name in FILES]
    paths += [path for path in files_of(ROOT / "grader") if folders[2] not in path.parents]
    paths += [path for folder in folders for slug in sorted(chosen) for path in files_of(folder / slug)]
    return paths
