"""The command `grader release`: a student repository, or the autograder of a platform that grades by itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.authoring.release import Platform, ReleaseError, autograder_zip, deliver, student_repository
from grader.catalogue import load_course, select
from grader.judge.facts import Level

NEXT = {
    "github": "commit and push it as the template of the assignment; each push of a student runs the public checks",
    "classroom50": "commit and push it as the template; copy it without .git to CLASSROOM/autograders/ASSIGNMENT/",
    "plain": "commit and push it; ci-example.yml shows how a CI runs the public checks",
}


def release(
    dest: Annotated[Path, typer.Argument(help="Folder of the student repository; for gradescope, a .zip file.")],
    exercises: Annotated[
        str, typer.Option(metavar="SLUG,…", help="Exercises by name or number, with commas; all of them without.")
    ] = "",
    platform: Annotated[Platform, typer.Option(help="Where the course runs.")] = "github",
    lang: Annotated[Literal["en", "es"], typer.Option(help="Language of README and workflow.")] = "en",
    torch_index: Annotated[
        str | None, typer.Option(metavar="URL", help="Package index for torch in workflows, such as PyTorch's for CPU.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="Gradescope: seed of the hidden inputs; drawn without it.")
    ] = None,
    reveal: Annotated[
        Level | None, typer.Option(help="Gradescope: how much the feedback discloses; gap without it.")
    ] = None,
) -> None:
    """Write what students get, ready to be pushed, with nothing hidden in it; again over an earlier release."""
    names = [name.strip() for name in exercises.split(",") if name.strip()]
    if exercises and not names:
        raise ReleaseError(f"--exercises {exercises!r} names no exercise; leave it out to release all of them")
    if torch_index is not None and not re.fullmatch(r"https?://[!-~]+", torch_index):
        raise ReleaseError(f"--torch-index {torch_index!r} is no address such as https://example.org/simple")
    chosen = select(load_course(), names)
    if platform == "gradescope":
        _release_zip(dest, autograder_zip(chosen, _seed(seed), lang, reveal or "gap", torch_index))
        return
    for option, value in (("--seed", seed), ("--reveal", reveal)):
        if value is not None:
            raise ReleaseError(f"{option} is for --platform gradescope alone: students get no hidden checks")
    if dest.suffix == ".zip":
        raise ReleaseError(f"{dest}: a student repository is a folder; --platform gradescope makes a zip")
    done = deliver(student_repository(chosen, platform, lang, torch_index), dest)
    counts = f"{_count(chosen, 'exercise')}; {_count(done.written, 'file')} written, {len(done.removed)} removed"
    print(f"{dest}: {counts}")
    for name in done.kept:
        print(f"kept as it is, because it was changed there: {name} (delete it to get the new one)")
    print(NEXT[platform])


def _count(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def _seed(seed: int | None) -> int:
    return secrets.randbelow(2**32) if seed is None else seed


def _release_zip(dest: Path, data: bytes) -> None:
    if dest.suffix != ".zip" or dest.is_dir():
        raise ReleaseError(f"{dest}: the autograder for Gradescope is one file; name it, such as autograder.zip")
    if not dest.absolute().parent.is_dir():
        raise ReleaseError(f"{dest.parent} is not a folder; make it first")
    dest.write_bytes(data)
    print(f"{dest}: upload it as the autograder; it holds hidden suites and solutions, so it is yours alone")
    print("students hand in their files, or their repository; for the repository: grader release DEST --platform plain")
