"""The proof of a hidden suite: rule by rule, what must pass, what must fail, and what must be named.

A proof grades the solution, the stub, the accepted variants, every mistake and the degenerate answers as if students
had handed them in, and gathers each broken rule with the place to look at.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.authoring import degenerate
from grader.authoring.scaffold import left_over
from grader.catalogue import Exercise
from grader.judge import bank
from grader.judge.bank import Mistake
from grader.judge.compare import gap
from grader.judge.grade import Judge
from grader.judge.runner import Run
from grader.judge.subjects import OnBench, Student, Subject
from grader.submission import Handed

MIN_CHECKS, MAX_CHECKS, MIN_MISTAKES, MIN_VARIANTS = 8, 12, 8, 3
MIN_PUBLIC, MAX_PUBLIC = 3, 5
POWER = 100.0
LEAST_FLOOR = 1e-7  # one unit in the last place of float32 near 1
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One answer's line of the matrix: statuses and named mistakes by check; `effect` over the noise floor."""

    kind: str
    name: str
    runs: tuple[Run, ...]
    named: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    effect: float | None = None

    @property
    def passed(self) -> int:
        return sum(run.status == "passed" for run in self.runs)


@dataclass
class Proof:
    """What was found for one exercise; it holds when nothing is broken. `needs_gpu` checks were not looked at."""

    exercise: Exercise
    checks: list[str]
    rows: list[Row] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    floor: float = 0.0
    seeds: int = 1
    seconds: float = 0.0
    needs_gpu: int = 0


class Prover:
    """Proves the suite of one exercise with one judge."""

    def __init__(self, judge: Judge, exercise: Exercise, progress: Progress) -> None:
        self.judge, self.exercise, self.progress = judge, exercise, progress
        self.mistakes = judge.diagnosis(exercise).mistakes
        self.proof = Proof(exercise, [check.id for check in judge.runner.checks[exercise.slug]])
        self.proof.needs_gpu = judge.runner.needs_gpu[exercise.slug]

    def prove(self) -> Proof:
        """Run the proof at the judge's seed."""
        self.judge.shop.wait_until_warm()
        started = time.perf_counter()
        self._sizes()
        for (kind, name), source in bank.right_answers(self.exercise).items():
            row = self._row(kind, name, source)
            self._must_earn_all(row)
            if kind == "solution":
                self.proof.floor = self._noise_floor(row)
                self._stub()
        for mistake in self.mistakes:
            self._mistake(mistake)
        self._every_check_is_failed()
        for name, source in degenerate.sources(self.exercise).items():
            self._degenerate(name, source)
        self.proof.seconds = time.perf_counter() - started
        return self.proof

    def prove_at(self, seed: int, first: dict[str, str]) -> None:
        """Add the proof at another seed: right answers earn all, no mistake does.

        `first` remembers, for each mistake, the check that failed it last: it is tried first.
        """
        bench = self.judge.bench
        for (_, name), source in bank.right_answers(self.exercise).items():
            for run in self.judge.run(self.exercise, OnBench(bench, self.exercise, name, source)):
                if run.status != "passed":
                    self._break(f"right answers earn all: {name} lost {run.check.id} at seed {seed}: {_why(run)}")
        for mistake in self.mistakes:
            self._fails_somewhere(mistake, seed, first)
        bench.forget()

    def _fails_somewhere(self, mistake: Mistake, seed: int, first: dict[str, str]) -> None:
        subject = OnBench(self.judge.bench, self.exercise, mistake.name, mistake.source_code)
        checks = self.judge.runner.checks[self.exercise.slug]
        for check in sorted(checks, key=lambda check: check.id != first.get(mistake.name)):
            run = self.judge.runner.run(self.exercise.slug, check, self.judge.sides(self.exercise, subject))
            if run.status != "passed":
                first[mistake.name] = check.id
                return
        self._break(f"every mistake fails: {mistake.name} earned every point at seed {seed}")

    def _sizes(self) -> None:
        exercise, root = self.exercise, self.exercise.root
        for path, text in left_over([exercise.solution.parent, exercise.stub.parent, exercise.hidden]).items():
            self._break(f"nothing of the scaffold is left: {path.relative_to(root)} says {text!r}; write it")
        public = len(re.findall(r"^def test_", exercise.public_checks.read_text("utf-8"), re.MULTILINE))
        counts = {
            f"{MIN_PUBLIC} to {MAX_PUBLIC} public checks": MIN_PUBLIC <= public <= MAX_PUBLIC,
            f"{MIN_CHECKS} to {MAX_CHECKS} checks": MIN_CHECKS <= len(self.proof.checks) <= MAX_CHECKS,
            f"{MIN_MISTAKES} mistakes or more": len(self.mistakes) >= MIN_MISTAKES,
            f"{MIN_VARIANTS} variants or more": len(bank.variants(self.exercise)) >= MIN_VARIANTS,
            "a second reference": bank.second_reference(self.exercise) is not None,
        }
        for wanted, holds in counts.items():
            if not holds:
                self._break(f"an exercise has {wanted}; see {self.exercise.hidden.relative_to(self.exercise.root)}")

    def _row(self, kind: str, name: str, source: str) -> Row:
        self.progress(f"{self.exercise.slug}: {name}")
        started = time.perf_counter()
        handed = Handed({self.exercise.file: source.encode()})
        student = Student(self.judge.shop, self.exercise, handed, banned=kind != "degenerate")
        forgets = name == degenerate.REMEMBERS
        runs = self._each_check(student, forgets) if kind == "degenerate" else self.judge.run(self.exercise, student)
        seconds = time.perf_counter() - started
        if student.halted is not None:
            self._break(f"every file runs to its end: {kind} {name} stops with {student.halted}")
        named = self.judge.name(self.exercise, runs) if kind == "mistake" else {}
        row = Row(kind, name, tuple(runs), {check: mistake.name for check, mistake in named.items()}, seconds)
        self.proof.rows.append(row)
        return row

    def _each_check(self, student: Subject, forgets: bool) -> list[Run]:
        """Run every check, also those that rest on another; with `forgets`, each one in a worker of its own."""
        runs = []
        student.load()
        for check in self.judge.runner.checks[self.exercise.slug]:
            runs.append(self.judge.runner.run(self.exercise.slug, check, self.judge.sides(self.exercise, student)))
            if forgets:
                student.end()
        student.end()
        return runs

    def _must_earn_all(self, row: Row) -> None:
        for run in row.runs:
            if run.status != "passed":
                self._break(f"right answers earn all: {row.kind} {row.name} lost {run.check.id}: {_why(run)}")

    def _stub(self) -> None:
        row = self._row("stub", "stub", self.exercise.stub.read_text(encoding="utf-8"))
        for run in row.runs:
            if run.status != "not_started":
                self._break(f"the stub earns nothing, as not started: {run.check.id} is {run.status}: {_why(run)}")

    def _mistake(self, mistake: Mistake) -> None:
        row = self._row("mistake", mistake.name, mistake.source_code)
        effect = self._effect(row) / self.proof.floor
        self.proof.rows[-1] = row = Row(row.kind, row.name, row.runs, row.named, row.seconds, effect)
        if row.passed == len(row.runs):
            self._break(f"every mistake fails: {mistake.name} earned every point; give some check inputs that show it")
            return
        for run in row.runs:
            if run.status in ("grader_error", "timeout", "crashed"):
                self._break(f"{mistake.name}: {run.check.id} is {run.status}: {_why(run)}")
        others = {check: name for check, name in row.named.items() if name != mistake.name}
        for check, name in others.items():
            self._break(f"every mistake is named as itself: {mistake.name} was named {name} in {check}; give the suite "
                        "an input that tells them apart, or make them one entry")  # fmt: skip
        if not row.named:
            failed = ", ".join(run.check.id for run in row.runs if run.status == "failed")
            self._break(f"every mistake is named as itself: {mistake.name} was not named in {failed}")
        if effect < POWER:
            self._break(f"a mistake's effect is {POWER:g} times the noise: {mistake.name} has {effect:.3g} times")

    def _effect(self, row: Row) -> float:
        """Return the largest change of a result by which the mistake shows in a failed check."""
        diagnosis = self.judge.diagnosis(self.exercise)
        effects = [0.0]
        for run in row.runs:
            for call, outcome in run.calls if run.status == "failed" else ():
                right = diagnosis.reference(call)
                if outcome.kind != "value" or right.kind != "value" or set(outcome.changed) != set(right.changed):
                    effects.append(0.0 if outcome.same_as(right) else float("inf"))
                else:
                    effects.append(gap((outcome.value, outcome.written), (right.value, right.written)))
        return max(effects)

    def _noise_floor(self, solution: Row) -> float:
        """Return how far the reference's own results move with eager attention and two threads."""
        bench, source = self.judge.bench, bank.reference(self.exercise)
        calls = [(call, outcome) for run in solution.runs for call, outcome in run.calls if outcome.kind == "value"]
        bench.configure(threads=2, attention="eager")
        moved = [LEAST_FLOOR]
        for call, outcome in calls:
            other = bench.perform(f"{self.exercise.slug}:noise", self.exercise, source, call, keep=False)
            if other.kind == "value":
                moved.append(gap(other.value, outcome.value))
        bench.configure()
        floor = max(moved)
        if floor > 1e-4:
            self._break(f"right answers agree within 1e-4: two runs of the solution differ by {floor:.3g}")
        return floor

    def _every_check_is_failed(self) -> None:
        for index, check in enumerate(self.proof.checks):
            failing = [
                row.name for row in self.proof.rows if row.kind == "mistake" and row.runs[index].status == "failed"
            ]
            if not failing:
                self._break(f"every check is failed by a mistake: {check} is failed by none")

    def _degenerate(self, name: str, source: str) -> None:
        row = self._row("degenerate", name, source)
        for run in row.runs:
            if run.status == "passed":
                self._break(f"degenerate answers earn nothing: {name} passed {run.check.id}; compare two inputs whose "
                            "right answers differ")  # fmt: skip
            elif run.status == "grader_error":
                self._break(f"{name}: {run.check.id} is grader_error: {_why(run)}")

    def _break(self, text: str) -> None:
        if text not in self.proof.broken:
            self.proof.broken.append(text)


def _why(run: Run) -> str:
    return run.fault or (run.fact.sentence("en", "full") if run.fact else run.status)
