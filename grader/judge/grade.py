"""From a submission to a report: runs the hidden checks of each exercise, names mistakes, and writes the result.

A check earns its point only by passing here. What is missing, waits, crashed or timed out earns none; what was earned
before stays earned.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import platform
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from grader.catalogue import Exercise
from grader.judge import bank
from grader.judge.bank import Mistake
from grader.judge.diagnosis import Diagnosis
from grader.judge.facts import LANGUAGES, Fact, Level, clean, show
from grader.judge.runner import Run, Sides, SuiteRunner
from grader.judge.subjects import Bench, Call, LoadError, Outcome, Student
from grader.judge.suite import Player, Unearned
from grader.judge.workers import GraderFault, Workshop
from grader.report import CheckResult, ExerciseResult, Report, Texts
from grader.submission import Handed, Submission

TODO = re.compile(r"TODO (\d{1,3})")
ISOLATION = "process"
ISOLATION_MISSING = ("file system", "network")


@dataclass(frozen=True)
class Loaded:
    """A student whose module was run, or the one line that says why it could not be."""

    student: Student
    problem: Run | None = None


class Judge:
    """Grades submissions of some exercises with one seed."""

    def __init__(self, exercises: Sequence[Exercise], runner: SuiteRunner, shop: Workshop, seed: int) -> None:
        self.exercises, self.runner, self.shop, self.seed = list(exercises), runner, shop, seed
        self.bench = Bench(shop)
        self._diagnoses: dict[str, Diagnosis] = {}

    def diagnosis(self, exercise: Exercise) -> Diagnosis:
        """Return the exercise's bank, read at the first request."""
        if exercise.slug not in self._diagnoses:
            self._diagnoses[exercise.slug] = Diagnosis(exercise, self.bench)
        return self._diagnoses[exercise.slug]

    def grade(
        self,
        submission: Submission,
        level: Level,
        isolation: tuple[str, tuple[str, ...]] = (ISOLATION, ISOLATION_MISSING),
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
        return Report(
            clean(submission.name, 100), self.seed, isolation[0], isolation[1],
            sum(r.score for r in results), sum(r.max_score for r in results),
            round(time.perf_counter() - started, 3), versions(), tuple(results),
        )  # fmt: skip

    def grade_exercise(self, exercise: Exercise, handed: Handed, level: Level) -> ExerciseResult:
        """Return the result of one exercise. A fault of the grader's own ends here, with its own status."""
        try:
            if handed.status != "found":
                return self._not_gradable(exercise, handed)
            runs, student = self.run(exercise, handed.files)
            mistakes = self.diagnosis(exercise).name(runs)
        except GraderFault as fault:
            return self._fault(exercise, str(fault))
        message = unreadable_message(runs)
        checks = tuple(check_result(run, mistakes.get(run.check.id), exercise, level) for run in runs)
        score = sum(check.score for check in checks)
        statuses = {check.status for check in checks}
        status = "unreadable" if message else "not_started" if statuses <= {"not_started", "waiting"} else "graded"
        if "grader_error" in statuses:
            status = "grader_error"
        output = clean(student.output(), 10_000) if level == "full" else None
        return ExerciseResult(
            exercise.slug, exercise.title, status, score, len(checks), checks, message, output  # type: ignore[arg-type]
        )

    def run(self, exercise: Exercise, files: dict[str, bytes], banned: bool = True) -> tuple[list[Run], Student]:
        """Run every check of `exercise` on the module in `files`."""
        student = Student(self.shop, exercise, files, banned)
        checks = self.runner.checks[exercise.slug]
        try:
            try:
                student.load()
            except LoadError as error:
                status, fact = _why_not_loaded(exercise, error.outcome)
                return [Run(check, status, fact) for check in checks], student  # type: ignore[arg-type]
            if not student.functions:
                fact = _missing_function(exercise, next(iter(exercise.todos)), student.defined)
                return [Run(check, "failed", fact) for check in checks], student
            sides = self.sides(exercise, student)
            statuses: dict[str, str] = {}
            runs = []
            for check in checks:
                if check.rests_on is not None and statuses[check.rests_on] != "passed":
                    inherited = statuses[check.rests_on]
                    run = Run(check, "not_started" if inherited == "not_started" else "waiting")
                else:
                    run = self.runner.run(exercise.slug, check, sides)
                statuses[check.id] = run.status
                runs.append(run)
            return runs, student
        finally:
            student.restart()

    def sides(self, exercise: Exercise, student: Student) -> Sides:
        """Return the players of a run."""
        reference = self.diagnosis(exercise).reference
        helpers = re.findall(r"^def (\w+)", bank.reference(exercise), re.MULTILINE)

        def faulty(call: Call, outcome: Outcome) -> GraderFault:
            return GraderFault(f"{exercise.slug}: the reference failed in {call.function}: {outcome.kind} {outcome.error}")

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
        status = handed.status
        return ExerciseResult(exercise.slug, exercise.title, status, 0, len(checks), results, handed.problem)  # type: ignore[arg-type]

    def _fault(self, exercise: Exercise, fault: str) -> ExerciseResult:
        text = fault_message(fault)
        checks = self.runner.checks[exercise.slug]
        results = tuple(CheckResult(c.id, c.title, "grader_error", 0, message=text) for c in checks)
        return ExerciseResult(exercise.slug, exercise.title, "grader_error", 0, len(checks), results, text)


def fault_message(fault: str) -> Texts:
    return {
        "en": f"The grader failed, not your answer: {fault}. Tell your instructor.",
        "es": f"Falló el corrector, no tu respuesta: {fault}. Avisa a quien imparte el curso.",
    }


def check_result(run: Run, mistake: Mistake | None, exercise: Exercise, level: Level) -> CheckResult:
    """Return one check's line of the report, disclosing what `level` allows."""
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
        return replace(result, todo=todo)
    if run.status in ("passed", "waiting") or level == "none" or run.fact is None:
        return result
    texts = {language: run.fact.sentence(language, level) for language in LANGUAGES}
    if mistake is None:
        return replace(result, message=texts)
    message = {language: f"{mistake.advice[language]}\n{texts[language]}" for language in LANGUAGES}
    owner = mistake.function(exercise)
    return replace(result, message=message, mistake=mistake.name, todo=mistake.todo, function=owner)


def unreadable_message(runs: Sequence[Run]) -> Texts | None:
    """Return the one line about a module that could not be run, or None where calls were made."""
    if any(run.calls or run.status in ("passed", "waiting", "grader_error", "not_started") for run in runs):
        return None
    fact = runs[0].fact if runs else None
    return {language: fact.sentence(language, "gap") for language in LANGUAGES} if fact else None


def explain_outcome(exercise: Exercise, student: Student, call: Call, outcome: Outcome, memory_mib: int) -> Unearned:
    """Return why a call that gave no value costs the check."""
    if outcome.kind == "timeout":
        return Unearned("timeout", Fact("timeout", {"limit": outcome.how}), outcome)
    if outcome.kind == "crash":
        return Unearned("crashed", Fact("crashed", {"how": outcome.how}), outcome)
    error = outcome.error
    types = error["types"]
    if types[0] == "NotImplementedError":
        match = TODO.search(error["message"])
        return Unearned("not_started", Fact("not_true", {"todo": int(match[1]) if match else None}), outcome)
    return Unearned("failed", _error_fact(exercise, student, call, error, memory_mib), outcome)


def _error_fact(exercise: Exercise, student: Student, call: Call, error: dict[str, object], memory_mib: int) -> Fact:
    types, message = list(error["types"]), str(error["message"])  # type: ignore[call-overload]
    if types[0] == "MissingFunction":
        return _missing_function(exercise, call.function, student.defined)
    if types[0] == "BannedCall":
        return Fact("banned", {"name": message})
    if "bound" in error:
        return _too_large(*error["bound"])  # type: ignore[misc]
    if "MemoryError" in types or "can't allocate memory" in message:
        return Fact("out_of_memory", {"limit": f"{memory_mib} MiB"})
    stated = _stated_signature(exercise, call.function)
    own = student.functions.get(call.function, [])
    if types[0] == "TypeError" and error["line"] is None and [p.split("=")[0] for p in own] != [p.split("=")[0] for p in stated]:
        return Fact("wrong_signature", {"got": ", ".join(own), "wanted": ", ".join(stated)})
    return Fact("raised", _raised(error))


def _raised(error: dict[str, object]) -> dict[str, object]:
    types, line = list(error["types"]), error["line"]  # type: ignore[call-overload]
    at = {"line_en": f" (line {line})", "line_es": f" (línea {line})"} if line else {"line_en": "", "line_es": ""}
    return {"error": types[0], "message": error["message"], **at}


def _too_large(what: str, size: int, limit: int) -> Fact:
    if what == "bytes":
        text = {"size_en": f"{size / 2**20:.0f} MiB", "size_es": f"{size / 2**20:.0f} MiB", "limit": f"{limit / 2**20:.0f} MiB"}
    elif what == "depth":
        text = {"size_en": "it contains itself, or is nested too deep", "size_es": "se contiene a sí mismo, o anida demasiado"}
        text["limit"] = str(limit)
    else:
        text = {"size_en": f"{size} {what}", "size_es": f"{size} {what}", "limit": str(limit)}
    return Fact("too_large", text)


def _stated_signature(exercise: Exercise, function: str) -> list[str]:
    import ast

    tree = ast.parse(exercise.solution.read_text(encoding="utf-8"))
    node = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)
    names = [a.arg for a in node.args.args]
    defaults = [ast.unparse(d) for d in node.args.defaults]
    first = len(names) - len(defaults)
    return [name if i < first else f"{name}={defaults[i - first]}" for i, name in enumerate(names)]


def _missing_function(exercise: Exercise, function: str, defined: Sequence[str]) -> Fact:
    others = [name for name in defined if name not in exercise.todos]
    near = difflib.get_close_matches(function, others, 1, 0.5)
    hints = {"near_en": f" Did you mean {near[0]}?", "near_es": f" ¿Es {near[0]}?"} if near else {"near_en": "", "near_es": ""}
    return Fact("missing_function", {"file": exercise.file, "function": function, **hints})


def _why_not_loaded(exercise: Exercise, outcome: Outcome) -> tuple[str, Fact]:
    if outcome.kind == "timeout":
        text = {"en": f"Importing {exercise.file} did not end within {outcome.how} s and was stopped.",
                "es": f"Importar {exercise.file} no terminó en {outcome.how} s y se detuvo."}  # fmt: skip
        return "timeout", Fact("not_true", {**text, "got": "…"})
    if outcome.kind == "crash":
        text = {"en": f"Importing {exercise.file} ended the Python process ({outcome.how}).",
                "es": f"Importar {exercise.file} terminó el proceso de Python ({outcome.how})."}  # fmt: skip
        return "crashed", Fact("not_true", {**text, "got": "…"})
    error = outcome.error
    line_en, line_es = (f", line {error['line']}", f", línea {error['line']}") if error["line"] else ("", "")
    what = f"{error['types'][0]}: {error['message']}"
    text = {"en": f"{exercise.file}{line_en}: {what}", "es": f"{exercise.file}{line_es}: {what}"}
    return "failed", Fact("not_true", {**text, "got": show(None)})


def versions() -> dict[str, str]:
    """Return the versions that a grade depends on, without importing torch."""
    found = {"grader": importlib.metadata.version("pretrained-transformers-course"), "python": platform.python_version()}
    return found | {name: importlib.metadata.version(name) for name in ("torch", "transformers")}
