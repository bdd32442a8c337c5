"""The command that proves the hidden suites: `grader verify`."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from grader.authoring import record
from grader.authoring.matrix import matrix
from grader.authoring.record import Record
from grader.authoring.verify import Proof, Prover
from grader.catalogue import Exercise, load_course, select
from grader.cli import checkpoints
from grader.judge.grade import Judge
from grader.judge.runner import SuiteRunner, run_suites
from grader.judge.workers import Workshop

Slugs = Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="Exercises; all of them without.")]


def verify(
    slugs: Slugs = None,
    seeds: Annotated[int, typer.Option(min=1, help="Prove right answers and mistakes over this many seeds.")] = 1,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="The first seed; drawn without it.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Prove this many exercises at once.")] = 1,
    fresh: Annotated[bool, typer.Option("--fresh", help="Prove again what was proven with the same content.")] = False,
) -> None:
    """Prove the hidden suites: what must pass, what must fail, what must be named."""
    exercises = select(load_course(), slugs or [])
    first = secrets.randbelow(2**31) if seed is None else seed
    started = time.perf_counter()
    console = Console(width=None if sys.stdout.isatty() else 140)
    known: dict[str, Record | None] = {}
    if not fresh:
        known |= {e.slug: found for e in exercises if (found := record.kept(e, first, seeds))}
    due = [exercise for exercise in exercises if exercise.slug not in known]
    if due:
        checkpoints.ensure()
    if jobs > 1 and len(due) > 1:
        held = known | _prove_apart(due, seeds, first, jobs)
    else:
        held = known | (_prove_here(due, seeds, first, console) if due else {})
    records = [found for exercise in exercises if (found := held.get(exercise.slug))]
    if len(exercises) > 1 or known:
        console.print(record.power_table(records))
    for slug in known:
        console.print(f"{slug}: proven before with the same content; to prove it again: --fresh", style="dim")
    broken = [exercise.slug for exercise in exercises if exercise.slug not in held]
    verdict = "every rule holds" if not broken else f"broken: {', '.join(broken)}, see above"
    suites = "1 suite" if len(exercises) == 1 else f"{len(exercises)} suites"
    console.print(
        f"{suites}, {record.totals(records)}, seeds {first} to {first + seeds - 1}: {verdict} "
        f"({time.perf_counter() - started:.0f} s)",
        style="red" if broken else "green", soft_wrap=True, highlight=False,
    )  # fmt: skip
    if broken:
        raise typer.Exit(1)


def _prove_here(exercises: list[Exercise], seeds: int, first: int, console: Console) -> dict[str, Record | None]:
    """Prove the exercises in one judge session, print their matrices, and return the records of those that hold."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        Workshop([name for exercise in exercises for name in exercise.checkpoints]) as shop,
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
    ):
        task = bar.add_task("starting")

        def prove(runner: SuiteRunner) -> list[Proof]:
            return [_prove(exercise, runner, shop, first, seeds, lambda text: bar.update(task, description=text))
                    for exercise in exercises]  # fmt: skip

        proofs = run_suites(exercises, prove)
    held: dict[str, Record | None] = {}
    for proof in proofs:
        console.print(matrix(proof))
        if not proof.broken:
            found = held[proof.exercise.slug] = record.record_of(proof, first)
            record.keep(found, proof.exercise)
    return held


def _prove_apart(exercises: list[Exercise], seeds: int, first: int, jobs: int) -> dict[str, Record | None]:
    """Prove each exercise in a process of its own, `jobs` at a time; print the outputs whole, in order of their end.

    Return those that hold, each with its record; without one where records cannot be kept.
    """

    def prove(exercise: Exercise) -> bool:
        command = [sys.executable, "-m", "grader", "verify", exercise.slug, "--seeds", str(seeds), "--seed", str(first)]
        done = subprocess.run([*command, "--fresh"], capture_output=True, text=True, check=False)
        print(done.stdout + done.stderr, end="", flush=True)
        return done.returncode == 0

    with ThreadPoolExecutor(jobs) as pool:
        holds = dict(zip([e.slug for e in exercises], pool.map(prove, exercises), strict=True))
    return {e.slug: record.kept(e, first, seeds) for e in exercises if holds[e.slug]}


def _prove(exercise: Exercise, runner: SuiteRunner, shop: Workshop, first: int, seeds: int, tell: object) -> Proof:
    assert callable(tell)
    prover = Prover(Judge([exercise], runner, shop, first), exercise, tell)
    proof = prover.prove()
    failing: dict[str, str] = {}
    for seed in range(first + 1, first + seeds):
        tell(f"{exercise.slug}: seed {seed - first + 1} of {seeds}")
        again = Prover(Judge([exercise], runner, shop, seed, prover.judge.bench), exercise, tell)
        again.proof = proof
        again.prove_at(seed, failing)
    prover.judge.bench.end()
    proof.seeds = seeds
    return proof
