"""What a proof leaves behind: its figures, kept by the content of everything that it depends on.

A proof of the same files, engine, versions and seeds would find the same, so it need not run again. Only proofs that
hold are kept: what is broken is always looked at anew.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import math
import platform
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich import box
from rich.table import Table

from grader.authoring.verify import Proof
from grader.catalogue import ROOT, Exercise
from grader.checkpoints import cache

DEPENDS_ON = ("numpy", "pytest", "safetensors", "tokenizers", "torch", "transformers")
APART = ("hidden", "sample_class", "cli", "reports")  # rooms that no proof looks at, but for the exercise's own


@dataclass(frozen=True)
class Record:
    """The figures of a proof that holds. `floor` is the noise of right answers.

    `least_effect` is the smallest largest-change of a bank entry over that floor, and `least_of` that entry; both are
    None where every entry changes something else than a float. `suite_s` is the time of the suite for the solution.
    """

    slug: str
    first_seed: int
    seeds: int
    counts: dict[str, int]
    floor: float
    least_effect: float | None
    least_of: str | None
    suite_s: float
    proof_s: float


def record_of(proof: Proof, first_seed: int) -> Record:
    """Return the figures of `proof`."""
    effects = {row.name: row.effect for row in proof.rows if row.effect is not None and math.isfinite(row.effect)}
    least = min(effects, key=lambda name: effects[name], default=None)
    counts = Counter(row.kind for row in proof.rows) | {"check": len(proof.checks)}
    return Record(
        proof.exercise.slug, first_seed, proof.seeds, dict(counts), proof.floor, effects[least] if least else None,
        least, round(proof.rows[0].seconds, 2), round(proof.seconds, 1),
    )  # fmt: skip


def keep(record: Record, exercise: Exercise) -> None:
    """Keep `record`; a folder that cannot be written is left."""
    path = _path(exercise, record.first_seed, record.seeds)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(record)), encoding="utf-8")
    except OSError:
        return


def kept(exercise: Exercise, first_seed: int, seeds: int) -> Record | None:
    """Return the record of the same proof, if one held."""
    try:
        return Record(**json.loads(_path(exercise, first_seed, seeds).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _path(exercise: Exercise, first_seed: int, seeds: int) -> Path:
    return cache.home().parent / "proofs" / f"{exercise.slug}-{first_seed}-{seeds}-{_key(exercise)}.json"


def _key(exercise: Exercise) -> str:
    digest = hashlib.sha256()
    versions = [platform.python_version(), *(f"{name} {importlib.metadata.version(name)}" for name in DEPENDS_ON)]
    digest.update(json.dumps(versions).encode())
    for path in _sources(exercise):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(exercise.root)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _sources(exercise: Exercise) -> Iterator[Path]:
    """Yield each file that the proof depends on: the exercise's, and those of the engine."""
    folders = (exercise.solution.parent, exercise.stub.parent, exercise.hidden, ROOT / "grader")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).parts
            foreign = folder == ROOT / "grader" and inside[0] in APART
            if path.is_file() and path.suffix in (".py", ".toml", ".txt", ".md", ".safetensors") and not foreign:
                yield path


def power_table(records: list[Record]) -> Table:
    """Return one line for each proof: its counts, and the smallest effect of a bank entry over the noise floor."""
    headings = ("exercise", "checks", "mistakes", "variants", "noise floor", "smallest effect", "of", "suite s")
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in (*table.columns[1:6], table.columns[7]):
        column.justify = "right"
    for column in (table.columns[0], *table.columns[5:7]):
        column.no_wrap = True
    for one in records:
        effect = "values only" if one.least_effect is None else f"{one.least_effect:,.0f} ×"
        counts = (str(one.counts.get(kind, 0)) for kind in ("check", "mistake", "variant"))
        table.add_row(one.slug, *counts, f"{one.floor:.1e}", effect, one.least_of or "", f"{one.suite_s:.2f}")
    return table


def totals(records: list[Record]) -> str:
    """Return the counts of all proofs together, as a phrase."""
    kinds = ("check", "mistake", "variant", "second reference", "degenerate")
    return ", ".join(f"{sum(one.counts.get(kind, 0) for one in records)} {kind}s" for kind in kinds)
