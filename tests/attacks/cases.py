"""The corpus as data: each attack with its header, and the folder that a student would hand in for it.

An attack is a module in `corpus/<class>/`. It is handed in behind an honest beginning, whose functions it may replace:

    Tries:       what it is after
    Stopped by:  the layer or line that holds it (see `HOLDS`); `nothing` where nothing does, with the reason above it
    Honest:      the honest beginning (see `beginning`), which alone earns what the whole may earn at most
    Target:      the exercise, 04 without it
    Beside:      names of files that are handed in beside it, each of which says so where it is run
    Link, Pipe:  a link (its name, where it leads) or a named pipe that is handed in
    Many:        so many files of 1 MiB are handed in beside it
    Blank:       so many blank lines follow it, and a notebook is handed in beside it
    Folder:      the name of the submission's folder
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.catalogue import Exercise
from grader.isolation import Isolation

HERE = Path(__file__).resolve().parent
CLASSES = (
    "leaving_early", "hanging", "exhausting", "reading", "forging", "lying_objects", "patching", "escaping", "injecting",
)  # fmt: skip
EVERYWHERE = ("process line", "limits", "wire", "judge")
LINES = ("file system", "network", "processes")
LAYERS = ("bounded folder", "own user")
HOLDS = (*EVERYWHERE, *LINES, *LAYERS, "nothing")
TARGETS = {"04": "04_softmax_predictions", "08": "08_best_answer_span", "17": "17_save_and_load"}
HEADER = re.compile(r"^(Tries|Stopped by|Honest|Target|Beside|Link|Pipe|Many|Blank|Folder): +(.+)$", re.MULTILINE)
NOTEBOOK = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = 1"}]}'
BESIDE = 'import os\nos.write(1, b"\\nREACHED {name}, which nobody asked for\\n")\n'


@dataclass(frozen=True)
class Attack:
    """One attack: `kind` is its class, `stopped_by` one of `HOLDS`, `honest` a beginning, `source` its own code."""

    kind: str
    name: str
    tries: str
    stopped_by: str
    honest: str
    source: str
    target: str = "04"
    extras: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.name}"

    def is_held_by(self, isolation: Isolation) -> bool | None:
        """Whether this isolation claims to hold it; None where nothing is claimed at any level."""
        if self.stopped_by == "nothing":
            return None
        if self.stopped_by in LINES:
            return self.stopped_by not in isolation.open
        return self.stopped_by in EVERYWHERE or self.stopped_by in isolation.layers


@cache
def corpus() -> tuple[Attack, ...]:
    """Return every attack, by class and name. Errors: `ValueError` names the file whose header is not whole."""
    return tuple(_read(path) for kind in CLASSES for path in sorted((HERE / "corpus" / kind).glob("*.py")))


def _read(path: Path) -> Attack:
    source = path.read_text(encoding="utf-8")
    header = dict(HEADER.findall(source.split('"""')[1]))
    try:
        tries, stopped_by, honest = header.pop("Tries"), header.pop("Stopped by"), header.pop("Honest")
    except KeyError as error:
        raise ValueError(f"{path}: the header does not state {error}; see tests/attacks/cases.py") from None
    if stopped_by not in HOLDS or honest not in ("all", "probabilities", "in place", "none"):
        raise ValueError(f"{path}: {stopped_by!r} or {honest!r} is not known; see tests/attacks/cases.py")
    target = header.pop("Target", "04")
    return Attack(path.parent.name, path.stem, tries, stopped_by, honest, source, target, tuple(header.items()))


def beginning(exercise: Exercise, honest: str) -> str:
    """Return honest code: `all` of it right, only `probabilities` written, right but `in place`, or `none` written."""
    right = exercise.solution.read_text(encoding="utf-8")
    if honest == "none":
        return exercise.stub.read_text(encoding="utf-8")
    if honest == "probabilities":
        todo = 'def predict(*args, **kwargs):\n    raise NotImplementedError("TODO 2")\n'
        return right.partition("def predict(")[0] + todo
    if honest == "in place":
        changed = right.replace("logits.sigmoid()", "logits.sigmoid_()")
        return changed.replace("logits.softmax(dim=-1)", "logits.copy_(logits.softmax(dim=-1))")
    return right


def write(folder: Path, attack: Attack, exercise: Exercise, places: Mapping[str, object]) -> Path:
    """Write what a student would hand in for `attack` into a new folder, and return the folder of the submission."""
    extras = dict(attack.extras)
    name = extras.get("Folder", attack.name).encode().decode("unicode_escape")
    student = folder / name
    place = student / "exercises" / exercise.slug
    student.mkdir(parents=True)
    link, _, to = extras.get("Link", "").partition(" ")
    goal = to.replace("victim", str(places["victim"]))
    if link == ".":
        place.parent.mkdir()
        place.symlink_to(goal)
        return student
    place.mkdir(parents=True)
    if link != exercise.file:
        blank = int(extras.get("Blank", "0"))
        source = beginning(exercise, attack.honest) + "\n\n" + attack.source + "\n" * blank
        (place / exercise.file).write_text(source)
        if blank:
            (place / exercise.notebook).write_text(NOTEBOOK)
    if link:
        (place / link).symlink_to(goal)
    (place / "kit.py").write_text((HERE / "kit.py").read_text())
    (place / "places.json").write_text(json.dumps(places))
    for beside in extras.get("Beside", "").split():
        (place / beside).write_text(BESIDE.format(name=beside))
    if "Pipe" in extras:
        os.mkfifo(place / extras["Pipe"])
    for number in range(int(extras.get("Many", "0"))):
        (place / f"block{number}.txt").write_bytes(b"x" * 2**20)
    return student
