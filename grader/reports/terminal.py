"""The report for a terminal: what a student reads in ten seconds.

Passed checks are a number; each mistake is told once; what waits is counted. The class table stands here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report import CheckResult, ExerciseResult, Report

WORDS = {
    "en": {
        "not_started": "not started",
        "missing": "missing",
        "unreadable": "cannot be run",
        "grader_error": "the grader failed",
        "same": "(same result as this mistake)",
        "also": "also: ",
        "waiting": "waiting for “{title}”: {count}",
        "check": "1 check",
        "checks": "{n} checks",
        "needs_gpu": "only on a CUDA device, not part of this grade: {count}",
        "seed": "seed {seed} · device: {device} · isolation: {isolation} · {seconds:.1f} s",
        "total": "total",
        "student": "student",
        "no_message": "not passed",
    },
    "es": {
        "not_started": "sin empezar",
        "missing": "no entregado",
        "unreadable": "no se puede ejecutar",
        "grader_error": "falló el corrector",
        "same": "(mismo resultado que este error)",
        "also": "también: ",
        "waiting": "a la espera de «{title}»: {count}",
        "check": "1 comprobación",
        "checks": "{n} comprobaciones",
        "needs_gpu": "solo en un dispositivo CUDA, fuera de esta nota: {count}",
        "seed": "semilla {seed} · dispositivo: {device} · aislamiento: {isolation} · {seconds:.1f} s",
        "total": "total",
        "student": "estudiante",
        "no_message": "no superada",
    },
}
INDENT = 5


def feedback(report: Report, language: str) -> RenderableType:
    """Return the whole feedback of one submission."""
    words = WORDS[language]
    parts: list[RenderableType] = []
    for exercise in report.exercises:
        parts += [*_exercise(exercise, language), Text()]
    total = Text.assemble((words["total"], "bold"), f"  {report.score}/{report.max_score}")
    details = words["seed"].format(
        seed=report.seed, device=report.device, isolation=report.isolation, seconds=report.duration_s
    )
    return Group(*parts, total, Text(details, style="dim"))


def class_table(reports: Sequence[Report], language: str) -> RenderableType:
    """Return one line per submission, one column per exercise."""
    words = WORDS[language]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(words["student"], no_wrap=True)
    slugs = [exercise.slug for exercise in reports[0].exercises] if reports else []
    for slug in (*slugs, words["total"]):
        table.add_column(slug, justify="right", no_wrap=True)
    for report in reports:
        cells = [_cell(exercise, words) for exercise in report.exercises]
        table.add_row(report.submission, *cells, Text(f"{report.score}/{report.max_score}", style="bold"))
    return table


def _cell(exercise: ExerciseResult, words: dict[str, str]) -> Text:
    if exercise.status == "graded":
        full = exercise.score == exercise.max_score
        return Text(f"{exercise.score}/{exercise.max_score}", style="green" if full else "")
    return Text(words[exercise.status], style="red" if exercise.status in ("unreadable", "grader_error") else "yellow")


def _exercise(exercise: ExerciseResult, language: str) -> list[RenderableType]:
    words = WORDS[language]
    full = exercise.score == exercise.max_score
    head = Text.assemble(
        (exercise.slug, "bold"), "  ", (f"{exercise.score}/{exercise.max_score}", "green" if full else "")
    )
    if exercise.status != "graded":
        head.append(f"  {words[exercise.status]}", style="yellow")
    lines: list[RenderableType] = [head]
    if exercise.note is not None:
        lines.append(_indented(Text(exercise.note[language], style="dim")))
    if exercise.status != "graded" and exercise.message is not None:
        return [*lines, _indented(Text(exercise.message[language]))]
    if exercise.status == "not_started":
        return lines
    titles = {check.id: check.title[language] for check in exercise.checks}
    failed = [check for check in exercise.checks if check.status not in ("passed", "waiting", "not_started")]
    for _, group in groupby(
        sorted(failed, key=lambda check: _first_like(check, failed)), key=lambda c: _first_like(c, failed)
    ):
        lines += _failure(list(group), language)
    lines += _untried(exercise.checks, words)
    waiting: dict[str, int] = {}
    for check in exercise.checks:
        if check.status == "waiting" and check.waits_for is not None:
            root = _root(check, exercise.checks)
            waiting[root] = waiting.get(root, 0) + 1
    for root, count in waiting.items():
        text = words["waiting"].format(title=titles[root].rstrip("."), count=_count(count, words))
        lines.append(_line("…", Text(text), style="dim"))
    if exercise.needs_gpu:
        text = words["needs_gpu"].format(count=_count(exercise.needs_gpu, words))
        lines.append(_line("·", Text(text), style="dim"))
    return lines


def _first_like(check: CheckResult, failed: Sequence[CheckResult]) -> int:
    """Return the place of the first failed check that tells the same mistake, or without one the same fact."""

    def told(one: CheckResult) -> object:
        return one.mistake or (one.function, one.message)

    return next(place for place, other in enumerate(failed) if told(other) == told(check))


def _failure(checks: Sequence[CheckResult], language: str) -> list[RenderableType]:
    words, check = WORDS[language], checks[0]
    where = " · ".join([*([check.function] if check.function else []), *([f"TODO {check.todo}"] if check.todo else [])])
    lines: list[RenderableType] = [_line(Text("✗", style="red"), Text(check.title[language]), where)]
    if check.message is None:
        return lines
    sentences = check.message[language].split("\n")
    if check.mistake is not None:
        lines.append(_indented(Text.assemble((sentences[0], "bold"), "  ", (words["same"], "dim"))))
        sentences = sentences[1:]
    lines += [_indented(Text(sentence)) for sentence in sentences if sentence]
    if len(checks) > 1:
        also = "; ".join(other.title[language].rstrip(".") for other in checks[1:])
        lines.append(_indented(Text(words["also"] + also, style="dim")))
    return lines


def _untried(checks: Iterable[CheckResult], words: dict[str, str]) -> list[RenderableType]:
    counts: dict[tuple[str, int | None], int] = {}
    for check in checks:
        if check.status == "not_started":
            key = (check.function or "", check.todo)
            counts[key] = counts.get(key, 0) + 1
    lines: list[RenderableType] = []
    for (function, todo), count in counts.items():
        where = " · ".join([*([function] if function else []), *([f"TODO {todo}"] if todo else [])])
        lines.append(_line("-", Text(f"{words['not_started']}: {_count(count, words)}"), where, style="yellow"))
    return lines


def _root(check: CheckResult, checks: Sequence[CheckResult]) -> str:
    by_id = {other.id: other for other in checks}
    while check.waits_for is not None and check.status == "waiting":
        check = by_id[check.waits_for]
    return check.id


def _count(count: int, words: dict[str, str]) -> str:
    return words["check"] if count == 1 else words["checks"].format(n=count)


def _line(symbol: str | Text, text: Text, where: str = "", style: str = "") -> RenderableType:
    """Return one line of a check: a symbol, a sentence that wraps below itself, and on the right where to look."""
    line = Table.grid(expand=True, padding=(0, 2, 0, 0))
    line.add_column(width=3, justify="right", style=style)
    line.add_column(ratio=1, style=style)
    line.add_column(no_wrap=True, justify="right", style="dim")
    line.add_row(symbol, text, where)
    return line


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, INDENT))
