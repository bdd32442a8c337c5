"""Commands for authors: `grader new`, `grader sync` and `grader verify`."""

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

from grader.authoring import notebooks, stubs, tables
from grader.authoring.matrix import matrix
from grader.authoring.scaffold import scaffold
from grader.authoring.verify import Proof, Prover
from grader.catalogue import ROOT, Exercise, load_course, select
from grader.cli import checkpoints
from grader.judge.grade import Judge
from grader.judge.runner import SuiteRunner, run_suites
from grader.judge.workers import Workshop

Slugs = Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="Exercises; all of them without.")]


def new(slug: Annotated[str, typer.Argument(help="Two digits and words: 26_my_exercise.")]) -> None:
    """Write the files of a new exercise, ready to be filled."""
    for path in scaffold(slug, ROOT):
        print(f"wrote {path.relative_to(ROOT)}")
    print(f"fill them in, then: grader sync {slug} && grader verify {slug}")


def sync(
    slugs: Slugs = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare only; exit 1 if a generated file is out of date.")
    ] = False,
) -> None:
    """Write what is generated: stubs and notebooks from the solutions, and the READMEs' tables of exercises."""
    course = load_course()
    exercises = select(course, slugs or [])
    stale = {exercise.stub: stub for exercise, stub in stubs.stale_stubs(exercises).items()}
    stale |= {e.stub.parent / e.notebook: text for e, text in notebooks.stale_notebooks(exercises).items()}
    if all(exercise.suite.exists() for exercise in course.values()):
        stale |= tables.stale_tables(list(course.values()), ROOT)
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if check:
            print(f"{name} is not what its source gives; run: grader sync")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    if not stale:
        print("every generated file is up to date")
    if stale and check:
        raise typer.Exit(1)


def verify(
    slugs: Slugs = None,
    seeds: Annotated[int, typer.Option(min=1, help="Prove right answers and mistakes over this many seeds.")] = 1,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="The first seed; drawn without it.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Prove this many exercises at once.")] = 1,
) -> None:
    """Prove the hidden suites: what must pass, what must fail, what must be named."""
    exercises = select(load_course(), slugs or [])
    first = secrets.randbelow(2**31) if seed is None else seed
    if jobs > 1 and len(exercises) > 1:
        _verify_in_parallel([exercise.slug for exercise in exercises], seeds, first, jobs)
        return
    checkpoints.ensure()
    console = Console(width=None if sys.stdout.isatty() else 140)
    started = time.perf_counter()
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
    for proof in proofs:
        console.print(matrix(proof))
    broken = sum(len(proof.broken) for proof in proofs)
    counted = f"{sum(len(p.checks) for p in proofs)} checks, " + ", ".join(
        f"{sum(row.kind == kind for p in proofs for row in p.rows)} {kind}s"
        for kind in ("mistake", "variant", "degenerate")
    )
    verdict = "every rule holds" if not broken else f"{broken} broken, see above"
    console.print(
        f"{len(proofs)} suites, {counted}, seeds {first} to {first + seeds - 1}: {verdict} "
        f"({time.perf_counter() - started:.0f} s)",
        style="red" if broken else "green", soft_wrap=True, highlight=False,
    )  # fmt: skip
    if broken:
        raise typer.Exit(1)


def _verify_in_parallel(slugs: list[str], seeds: int, first: int, jobs: int) -> None:
    """Prove each exercise in a process of its own, `jobs` at a time; print the outputs whole, in order of their end."""
    checkpoints.ensure()
    options = ["--seeds", str(seeds), "--seed", str(first)]

    def prove(slug: str) -> bool:
        command = [sys.executable, "-m", "grader", "verify", slug, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(done.stdout + done.stderr, end="", flush=True)
        return done.returncode == 0

    started = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        proven = list(pool.map(prove, slugs))
    print(f"{sum(proven)} of {len(slugs)} suites hold every rule ({time.perf_counter() - started:.0f} s)")
    if not all(proven):
        raise typer.Exit(1)


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
