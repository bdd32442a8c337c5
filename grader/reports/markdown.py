"""The report as Markdown: for `$GITHUB_STEP_SUMMARY`, a release page, or a student's feedback file.

A table of the exercises, then each mistake once. What can quote student code stands in code spans, where no link,
mention or HTML is found. Student prints are not in it.
"""

from __future__ import annotations

from grader.report import CheckResult, ExerciseResult, Report
from grader.reports import escape
from grader.reports.format import Context, Format
from grader.reports.telling import STATUS, advice_and_facts, failures, place, title, untried, waiting

MAX_BYTES = 900_000  # GitHub refuses a step's summary above 1 MiB, and other steps may have written theirs
MAX_FACT = 600  # characters
WORDS = {
    "en": {
        "columns": "exercise | points |  ",
        "total": "total",
        "same": "same result as this mistake",
        "also": "also",
        "waiting": "waiting for “{title}”: {n}",
        "untried": "not started: {n}",
        "check": "1 check",
        "checks": "{n} checks",
        "line": "line {n}",
        "shortened": "Shortened: the page is limited in size. The JSON report has everything.",
        "seed": "seed {seed} · isolation: {isolation} · {seconds:.1f} s",
    },
    "es": {
        "columns": "ejercicio | puntos |  ",
        "total": "total",
        "same": "mismo resultado que este error",
        "also": "también",
        "waiting": "a la espera de «{title}»: {n}",
        "untried": "sin empezar: {n}",
        "check": "1 comprobación",
        "checks": "{n} comprobaciones",
        "line": "línea {n}",
        "shortened": "Abreviado: la página tiene un tamaño máximo. El informe JSON lo contiene todo.",
        "seed": "semilla {seed} · aislamiento: {isolation} · {seconds:.1f} s",
    },
}


def render(report: Report, context: Context) -> str:
    """Return the whole page, at most `MAX_BYTES` long; what does not fit is left out, with a line that says so."""
    words = WORDS[context.language]
    parts = [f"## {escape.code(report.submission)} · {report.score}/{report.max_score}\n", _table(report, context)]
    foot = words["seed"].format(seed=report.seed, isolation=report.isolation, seconds=report.duration_s)
    foot = f"{escape.markdown(foot)}\n"
    room = MAX_BYTES - len("\n".join([*parts, foot, words["shortened"]]).encode()) - 100
    for exercise in report.exercises:
        section = _section(exercise, context.language)
        room -= len(section.encode()) + 1
        if section and room < 0:
            parts.append(f"{words['shortened']}\n")
            break
        parts += [section] if section else []
    return "\n".join([*parts, foot])


def _table(report: Report, context: Context) -> str:
    words = WORDS[context.language]
    rows = [words["columns"], "--- | ---: | ---"]
    for exercise in report.exercises:
        name = f"{escape.markdown(exercise.slug[:2])} · {escape.markdown(exercise.title[context.language])}"
        status = "✓" if exercise.score == exercise.max_score else ""
        if exercise.status != "graded":
            status = escape.markdown(STATUS[context.language][exercise.status])
        rows.append(f"{name} | {exercise.score}/{exercise.max_score} | {status}")
    rows.append(f"**{words['total']}** | **{report.score}/{report.max_score}** |  ")
    return "".join(f"| {row} |\n" for row in rows)


def _section(exercise: ExerciseResult, language: str) -> str:
    """Return what is to be said of an exercise: nothing where it is whole or untouched."""
    nothing = exercise.score == exercise.max_score or exercise.is_untouched
    if nothing and exercise.note is None:
        return ""
    words = WORDS[language]
    lines = [f"### {escape.code(exercise.slug)} · {exercise.score}/{exercise.max_score}", ""]
    if exercise.note is not None:
        lines.append(f"- {escape.markdown(escape.line(exercise.note[language], MAX_FACT))}")
    if exercise.message is not None:
        return "\n".join([*lines, f"- {escape.code(escape.line(exercise.message[language], MAX_FACT))}", ""])
    for group in failures(exercise.checks):
        lines += _failure(group, language)
    for (function, todo), count in untried(exercise.checks).items():
        where = " · ".join([*([escape.code(function)] if function else []), *([f"TODO {todo}"] if todo else [])])
        lines.append(f"- {words['untried'].format(n=_count(count, words))}" + (f" — {where}" if where else ""))
    titles = {check.id: title(check, language) for check in exercise.checks}
    for check, count in waiting(exercise.checks).items():
        text = words["waiting"].format(title=titles[check], n=_count(count, words))
        lines.append(f"- {escape.markdown(text)}")
    return "\n".join([*lines, ""])


def _failure(group: list[CheckResult], language: str) -> list[str]:
    words, check = WORDS[language], group[0]
    where = [escape.code(place(check))] if place(check) else []
    where += [words["line"].format(n=check.line)] if check.line else []
    lines = [f"- **{escape.markdown(title(check, language))}**" + (f" — {' · '.join(where)}" if where else "")]
    advice, facts = advice_and_facts(check, language)
    if advice:
        lines.append(f"  - {escape.markdown(advice)} ({words['same']})")
    if not advice and not facts:
        lines.append(f"  - {escape.markdown(STATUS[language][check.status])}")
    lines += [f"  - {escape.code(escape.line(fact, MAX_FACT))}" for fact in facts]
    if len(group) > 1:
        also = "; ".join(title(other, language) for other in group[1:])
        lines.append(f"  - {words['also']}: {escape.markdown(also)}")
    return lines


def _count(count: int, words: dict[str, str]) -> str:
    return words["check"] if count == 1 else words["checks"].format(n=count)


FORMAT = Format("markdown", render)
