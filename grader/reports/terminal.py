"""The report for a terminal: what a student reads in ten seconds.

Passed checks are a number; each mistake is told once; what waits is counted. The class table stands here too.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report import CheckResult, ExerciseResult, Report
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import STATUS, advice_and_facts, failures, place, title, untried, waiting

WORDS = {
    "en": {
        "same": "(same result as this mistake)",
        "also": "also: ",
        "waiting": "waiting for “{title}”: {count}",
        "check": "1 check",
        "checks": "{n} checks",
        "needs_gpu": "only on a CUDA device, not part of this grade: {count}",
        "seed": "seed {seed} · device: {device} · isolation: {isolation} · {seconds:.1f} s",
        "total": "total",
        "full": "full",
        "partial": "partial",
        "process": "process",
        "none": "none",
        "file system": "file system",
        "network": "network",
        "processes": "processes",
        "student": "student",
        "without": "{level}, without {lines}",
    },
    "es": {
        "same": "(mismo resultado que este error)",
        "also": "también: ",
        "waiting": "a la espera de «{title}»: {count}",
        "check": "1 comprobación",
        "checks": "{n} comprobaciones",
        "needs_gpu": "solo en un dispositivo CUDA, fuera de esta nota: {count}",
        "seed": "semilla {seed} · dispositivo: {device} · aislamiento: {isolation} · {seconds:.1f} s",
        "total": "total",
        "student": "estudiante",
        "without": "{level}, sin {lines}",
        "full": "completo",
        "partial": "parcial",
        "process": "proceso",
        "none": "ninguno",
        "file system": "sistema de archivos",
        "network": "red",
        "processes": "procesos",
    },
}
INDENT = 5
NARROW = {"not_started": "·", "missing": "–", "unreadable": "✗", "grader_error": "!"}
WIDE_TABLE = 3  # exercises whose whole names fit beside each other in a class table


def render(report: Report, context: Context) -> str:
    """Return the feedback as text, with colors if the terminal has them; no line of it is a workflow command."""
    console = Console(file=io.StringIO(), width=context.width, force_terminal=context.color or None)
    with console.capture() as captured:
        console.print(feedback(report, context.language))
    return escape.log(captured.get())


def feedback(report: Report, language: str) -> RenderableType:
    """Return the whole feedback of one submission."""
    words = WORDS[language]
    parts: list[RenderableType] = []
    for exercise in report.exercises:
        parts += [*_exercise(exercise, language), Text()]
    total = Text.assemble((words["total"], "bold"), f"  {report.score}/{report.max_score}")
    isolation = _isolation(report, words)
    details = words["seed"].format(
        seed=report.seed, device=report.device, isolation=isolation, seconds=report.duration_s
    )
    return Group(*parts, total, Text(details, style="dim"))


def _isolation(report: Report, words: dict[str, str]) -> str:
    """Return the level, and where it is partial, the lines that were open."""
    level = words[report.isolation]
    open_lines = [words[name] for name in (gap.partition(":")[0] for gap in report.isolation_missing) if name in words]
    return level if report.isolation != "partial" else words["without"].format(level=level, lines=", ".join(open_lines))


def class_table(reports: Sequence[Report], language: str) -> RenderableType:
    """Return one line per submission, one column per exercise."""
    words = WORDS[language]
    slugs = [exercise.slug for exercise in reports[0].exercises] if reports else []
    narrow = len(slugs) > WIDE_TABLE
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0 if narrow else 1))
    table.add_column(words["student"], no_wrap=True)
    headings = [slug[:2] if narrow else slug for slug in slugs]
    for heading in (*headings, words["total"]):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for report in reports:
        cells = [_cell(exercise, language, narrow) for exercise in report.exercises]
        total = Text(f"{report.score}/{report.max_score}", style="bold")
        table.add_row(Text(escape.log(escape.line(report.submission, 40))), *cells, total)
    legend = "   ".join(f"{sign} {STATUS[language][status]}" for status, sign in NARROW.items())
    return Group(table, Text(legend, style="dim")) if narrow else table


def _cell(exercise: ExerciseResult, language: str, narrow: bool) -> Text:
    full = exercise.score == exercise.max_score
    if exercise.status == "graded":
        return Text(f"{exercise.score}" if narrow else f"{exercise.score}/{exercise.max_score}", style="green" * full)
    style = "red" if exercise.status in ("unreadable", "grader_error") else "yellow"
    return Text(NARROW[exercise.status] if narrow else STATUS[language][exercise.status], style=style)


def _exercise(exercise: ExerciseResult, language: str) -> list[RenderableType]:
    words = WORDS[language]
    full = exercise.score == exercise.max_score
    head = Text.assemble(
        (exercise.slug, "bold"), "  ", (f"{exercise.score}/{exercise.max_score}", "green" if full else "")
    )
    if exercise.status != "graded":
        head.append(f"  {STATUS[language][exercise.status]}", style="yellow")
    lines: list[RenderableType] = [head]
    if exercise.note is not None:
        lines.append(_indented(_text(exercise.note[language])))
    if exercise.status != "graded" and exercise.message is not None:
        return [*lines, _indented(_text(exercise.message[language]))]
    if exercise.status == "not_started":
        return lines
    titles = {check.id: title(check, language) for check in exercise.checks}
    for group in failures(exercise.checks):
        lines += _failure(group, language)
    lines += _untried(exercise, language)
    for check, count in waiting(exercise.checks).items():
        text = words["waiting"].format(title=titles[check], count=_count(count, words))
        lines.append(_line("…", Text(text), style="dim"))
    if exercise.needs_gpu:
        text = words["needs_gpu"].format(count=_count(exercise.needs_gpu, words))
        lines.append(_line("·", Text(text), style="dim"))
    return lines


def _failure(checks: Sequence[CheckResult], language: str) -> list[RenderableType]:
    words, check = WORDS[language], checks[0]
    lines: list[RenderableType] = [_line(Text("✗", style="red"), Text(check.title[language]), place(check))]
    advice, facts = advice_and_facts(check, language)
    if advice:
        lines.append(_indented(Text.assemble((escape.line(advice), "bold"), "  ", (words["same"], "dim"))))
    lines += [_indented(_text(fact)) for fact in facts]
    if len(checks) > 1:
        also = "; ".join(title(other, language) for other in checks[1:])
        lines.append(_indented(Text(words["also"] + also, style="dim")))
    return lines


def _untried(exercise: ExerciseResult, language: str) -> list[RenderableType]:
    words, lines = WORDS[language], []
    for (function, todo), count in untried(exercise.checks).items():
        where = " · ".join([*([function] if function else []), *([f"TODO {todo}"] if todo else [])])
        text = f"{STATUS[language]['not_started']}: {_count(count, words)}"
        lines.append(_line("-", Text(text), where, style="yellow"))
    return lines


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


def _text(text: str) -> Text:
    return Text(escape.line(text))


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, INDENT))


FORMAT = Format("text", render)
