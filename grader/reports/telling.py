"""What all formats tell alike: the words of each status, what a check says, and what belongs together.

Plain sentences, not yet escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.report import CheckResult, ExerciseResult

STATUS = {
    "en": {
        "graded": "graded",
        "passed": "passed",
        "failed": "not passed",
        "waiting": "waiting",
        "not_started": "not started",
        "timeout": "stopped",
        "crashed": "crashed",
        "missing": "missing",
        "unreadable": "cannot be run",
        "grader_error": "the grader failed",
    },
    "es": {
        "graded": "corregido",
        "passed": "superada",
        "failed": "no superada",
        "waiting": "a la espera",
        "not_started": "sin empezar",
        "timeout": "detenida",
        "crashed": "se cayó",
        "missing": "no entregado",
        "unreadable": "no se puede ejecutar",
        "grader_error": "falló el corrector",
    },
}
WAITING = {"en": "waiting for “{title}”", "es": "a la espera de «{title}»"}


def title(check: CheckResult, language: str) -> str:
    """Return the check's sentence without its full stop."""
    return check.title[language].rstrip(".")


def told(check: CheckResult, exercise: ExerciseResult, language: str) -> str:
    """Return what a check says: its message, or its status in words; advice and fact on lines of their own."""
    if check.status == "waiting":
        return WAITING[language].format(title=title(root(check, exercise.checks), language))
    if check.message is not None and check.message[language]:
        return check.message[language]
    todo = f": TODO {check.todo}" if check.status == "not_started" and check.todo else ""
    return STATUS[language][check.status] + todo


def advice_and_facts(check: CheckResult, language: str) -> tuple[str, list[str]]:
    """Return the advice of a named mistake, which the course wrote, and the facts, which may quote student code."""
    sentences = [part for part in (check.message or {}).get(language, "").split("\n") if part]
    return (sentences[0], sentences[1:]) if check.mistake is not None and sentences else ("", sentences)


def place(check: CheckResult) -> str:
    """Return where to look: `function · TODO n`, as far as it is known."""
    return " · ".join([*([check.function] if check.function else []), *([f"TODO {check.todo}"] if check.todo else [])])


def failures(checks: Sequence[CheckResult]) -> list[list[CheckResult]]:
    """Return the checks that say something new, those together that tell the same mistake or the same reason."""
    groups: dict[object, list[CheckResult]] = {}
    for check in checks:
        if check.status not in ("passed", "waiting", "not_started"):
            reason, further, _ = (check.message or {}).get("en", "").partition("\n")  # a check's numbers may follow it
            groups.setdefault(check.mistake or (reason if further else (check.function, reason)), []).append(check)
    return list(groups.values())


def waiting(checks: Sequence[CheckResult]) -> dict[str, int]:
    """Return how many checks wait for each check that failed, by its id."""
    counts: dict[str, int] = {}
    for check in checks:
        if check.status == "waiting" and check.waits_for is not None:
            key = root(check, checks).id
            counts[key] = counts.get(key, 0) + 1
    return counts


def untried(checks: Sequence[CheckResult]) -> dict[tuple[str, int | None], int]:
    """Return how many checks are not started, by function and TODO."""
    counts: dict[tuple[str, int | None], int] = {}
    for check in checks:
        if check.status == "not_started":
            key = (check.function or "", check.todo)
            counts[key] = counts.get(key, 0) + 1
    return counts


def root(check: CheckResult, checks: Sequence[CheckResult]) -> CheckResult:
    """Return the check that `check` waits for in the end: the first on its way that is not waiting itself."""
    by_id = {other.id: other for other in checks}
    for _ in checks:
        if check.status != "waiting" or check.waits_for not in by_id:
            break
        check = by_id[check.waits_for]
    return check
