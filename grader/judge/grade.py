"""From a submission to a report: runs the hidden checks of each exercise, names mistakes, and writes the result.

A check earns its point only by passing here. What is missing, waits, crashed or timed out earns none; what was earned
before stays earned.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from grader.catalogue import CourseError, Exercise
from grader.judge import bank
from grader.judge.bank import Mistake
from grader.judge.diagnosis import Diagnosis
from grader.judge.explain import about_notebook, explain_outcome, halted, missing_function, why_not_loaded
from grader.judge.facts import Fact, Level
from grader.judge.observe import observe
from grader.judge.places import Places, places
from grader.judge.runner import Check, Run, Sides, SuiteRunner
from grader.judge.subjects import Bench, Call, LoadError, OnBench, Outcome, Student, Subject
from grader.judge.suite import Player, Unearned
from grader.judge.workers import GraderFault, IsolationRefused, Workshop
from grader.report import CheckResult, ExerciseResult, ExerciseStatus, Report, exercise_status, versions
from grader.submission import Handed, Submission
from grader.texts import LANGUAGES, Texts, clean, joined


class Judge:
    """Grades submissions of some exercises with one seed."""

    def __init__(
        self, exercises: Sequence[Exercise], runner: SuiteRunner, shop: Workshop, seed: int, bench: Bench | None = None
    ) -> None:
        self.exercises, self.runner, self.shop, self.seed = list(exercises), runner, shop, seed
        self.bench = bench or Bench(shop)
        self._beside = self.bench if shop.limits.device == "cpu" else Bench(shop, shop.limits.device)
        self._diagnoses: dict[str, Diagnosis] = {}
        self._fails: dict[tuple[str, str, str], bool] = {}

    def diagnosis(self, exercise: Exercise) -> Diagnosis:
        """Return the exercise's bank, read at the first request."""
        if exercise.slug not in self._diagnoses:
            self._diagnoses[exercise.slug] = Diagnosis(exercise, self.bench, self._beside)
        return self._diagnoses[exercise.slug]

    def grade(
        self,
        submission: Submission,
        level: Level,
        progress: Callable[[str], None] | None = None,
    ) -> Report:
        """Return the report of `submission`; `progress` is told each exercise as it begins."""
        started = time.perf_counter()
        results = []
        for exercise in self.exercises:
            if exercise.slug in submission.exercises:
                if progress:
                    progress(exercise.slug)
                results.append(self.grade_exercise(exercise, submission.exercises[exercise.slug], level))
        device, isolation = self.shop.limits.device, self.shop.isolation
        unbounded = device == "cuda" or sys.platform != "linux"  # see `worker.limits`: no limit counts it there
        missing = (*isolation.gaps, "memory") if unbounded else isolation.gaps
        return Report(
            clean(submission.name, 100), self.seed, isolation.level, missing,
            sum(r.score for r in results), sum(r.max_score for r in results),
            round(time.perf_counter() - started, 3), versions(), tuple(results), device, level,
        )  # fmt: skip

    def grade_exercise(self, exercise: Exercise, handed: Handed, level: Level) -> ExerciseResult:
        """Return the result of one exercise. A fault of the grader's own ends here, with its own status."""
        try:
            if handed.status != "found":
                return self._not_gradable(exercise, handed)
            student = Student(self.shop, exercise, handed)
            runs = self.run(exercise, student)
            mistakes = self.name(exercise, runs)
            seen = observe(runs, mistakes, student, self.diagnosis(exercise))
        except GraderFault as fault:
            return self._fault(exercise, handed, str(fault))
        except (CourseError, IsolationRefused):  # they are about the whole run
            raise
        except Exception as error:  # whatever it is, it costs this answer its verdict, and nobody else's
            return self._fault(exercise, handed, f"{type(error).__name__}: {clean(str(error))}")
        message, where = unreadable_message(runs), places(exercise, handed)
        stopped = halted(exercise, student, student.halted) if student.halted and message is None else None
        checks = tuple(
            check_result(run, mistakes.get(run.check.id), seen.get(run.check.id), exercise, level, where)
            for run in runs
        )
        score = sum(check.score for check in checks)
        status = exercise_status(checks, message)
        output = clean(student.output(), 10_000) if level == "full" else None
        return ExerciseResult(
            exercise.slug,
            exercise.title,
            status,
            score,
            len(checks),
            checks,
            message,
            output,
            self.runner.needs_gpu[exercise.slug],
            handed.file,
            where.of(None, None, runs[0].fact.values.get("line")) if message and runs[0].fact else None,
            joined(handed.note, about_notebook(student), stopped),
        )

    def run(self, exercise: Exercise, student: Subject) -> list[Run]:
        """Run every check of `exercise` on `student`, and end it."""
        try:
            return self._run(exercise, student)
        finally:
            student.end()

    def _run(self, exercise: Exercise, student: Subject) -> list[Run]:
        checks = self.runner.checks[exercise.slug]
        try:
            student.load()
        except LoadError as error:
            status, fact = why_not_loaded(exercise, student, error.outcome)
            return [Run(check, status, fact) for check in checks]
        if not student.functions:
            fact = missing_function(exercise, list(exercise.todos), student)
            return [Run(check, "failed", fact) for check in checks]
        sides = self.sides(exercise, student)
        done: dict[str, Run] = {}
        for check in checks:
            done[check.id] = self.run_check(exercise, check, sides, done)
        return list(done.values())

    def run_check(self, exercise: Exercise, check: Check, sides: Sides, done: dict[str, Run]) -> Run:
        """Run one check, unless the check that it rests on has not passed."""
        support = done.get(check.rests_on or "")
        if support is not None and support.status != "passed":
            return Run(check, "not_started" if support.status == "not_started" else "waiting", support.fact)
        return self.runner.run(exercise.slug, check, sides)

    def name(self, exercise: Exercise, runs: Sequence[Run]) -> dict[str, Mistake]:
        """Return the mistake behind each failed check, by the check's id, where one was reproduced."""
        return self.diagnosis(exercise).name(runs, lambda mistake, check: self.fails(exercise, mistake, check))

    def fails(self, exercise: Exercise, mistake: Mistake, check: Check) -> bool:
        """Return whether `mistake` fails `check`, run by itself; with one seed it does so for a whole class."""
        key = (exercise.slug, mistake.name, check.id)
        if key not in self._fails:
            answer = OnBench(self._beside, exercise, mistake.name, mistake.source_code)
            run = self.runner.run(exercise.slug, check, self.sides(exercise, answer))
            self._fails[key] = run.status != "passed"
        return self._fails[key]

    def sides(self, exercise: Exercise, student: Subject) -> Sides:
        """Return the players of a run."""
        reference = self.diagnosis(exercise).reference
        helpers = re.findall(r"^def (\w+)", bank.reference(exercise), re.MULTILINE)

        def faulty(call: Call, outcome: Outcome) -> Exception:
            return GraderFault(
                f"{exercise.slug}: the reference failed in {call.function}: {outcome.kind} {outcome.error}"
            )

        def explain(call: Call, outcome: Outcome) -> Unearned:
            return explain_outcome(exercise, student, call, outcome, self.shop.limits.memory_mib)

        return Sides(
            Player(exercise.todos, student.perform, explain, self.seed),
            Player(helpers, reference, faulty, self.seed),
            Player(exercise.todos, reference, explain, self.seed),
            self.seed,
        )

    def _not_gradable(self, exercise: Exercise, handed: Handed) -> ExerciseResult:
        checks = self.runner.checks[exercise.slug]
        results = tuple(CheckResult(c.id, c.title, "failed", 0, message=handed.problem) for c in checks)
        status: ExerciseStatus = "missing" if handed.status == "missing" else "unreadable"
        problem, file = handed.problem, handed.file
        return ExerciseResult(
            exercise.slug, exercise.title, status, 0, len(checks), results, problem, file=file, note=handed.note
        )

    def _fault(self, exercise: Exercise, handed: Handed, fault: str) -> ExerciseResult:
        text = fault_message(fault)
        checks = self.runner.checks[exercise.slug]
        results = tuple(CheckResult(c.id, c.title, "grader_error", 0, message=text) for c in checks)
        return ExerciseResult(
            exercise.slug, exercise.title, "grader_error", 0, len(checks), results, text, file=handed.file
        )


def fault_message(fault: str) -> Texts:
    return {
        "en": f"The grader failed, not your answer: {fault}. Tell your instructor.",
        "es": f"Falló el corrector, no tu respuesta: {fault}. Avisa a quien imparte el curso.",
    }


def check_result(
    run: Run, mistake: Mistake | None, seen: Fact | None, exercise: Exercise, level: Level, where: Places
) -> CheckResult:
    """Return one check's line of the report, disclosing what `level` allows; `seen` is told before the fact."""
    failing = run.calls[-1][0].function if run.calls and run.status not in ("passed", "waiting") else None
    result = CheckResult(
        run.check.id, run.check.title, run.status, int(run.status == "passed"),
        function=failing, waits_for=run.check.rests_on if run.status == "waiting" else None,
        duration_s=round(run.duration_s, 4),
    )  # fmt: skip
    if run.fault is not None:
        return replace(result, message=fault_message(run.fault))
    if run.status == "not_started":
        todo = run.fact.values.get("todo") if run.fact else None
        owner = next((name for name, numbers in exercise.todos.items() if todo in numbers), failing)
        return replace(result, todo=todo, function=owner, line=where.of(owner, todo))
    if run.status in ("passed", "waiting") or level == "none" or run.fact is None:
        return result
    texts = {language: run.fact.sentence(language, level) for language in LANGUAGES}
    if mistake is None:
        if seen is not None:
            texts = {language: f"{seen.sentence(language, level)}\n{texts[language]}" for language in LANGUAGES}
        raised = run.fact.values.get("line")
        owner = where.function_at(raised)
        owner = owner if owner in exercise.todos else failing
        return replace(result, message=texts, function=owner, line=where.of(owner, None, raised))
    message = {language: f"{mistake.advice[language]}\n{texts[language]}" for language in LANGUAGES}
    owner = mistake.function(exercise)
    line = where.of(owner, mistake.todo)
    return replace(result, message=message, mistake=mistake.name, todo=mistake.todo, function=owner, line=line)


def unreadable_message(runs: Sequence[Run]) -> Texts | None:
    """Return the one line about a module that could not be run, or None where calls were made."""
    if any(run.calls or run.status in ("passed", "waiting", "grader_error", "not_started") for run in runs):
        return None
    fact = runs[0].fact if runs else None
    return {language: fact.sentence(language, "gap") for language in LANGUAGES} if fact else None
