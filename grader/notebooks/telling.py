"""What a student is told about a notebook beside the points, in the same words by grades and by public checks."""

from __future__ import annotations

from collections.abc import Sequence

from grader.texts import LANGUAGES, Texts, clean

SHOWN_LINES = 3
SHOWN_FAILURES = 3


def notebook_counts(module: str, notebook: str) -> Texts:
    return {
        "en": f"{notebook} counts: no step is written in {module}.",
        "es": f"Cuenta {notebook}: en {module} no hay ningún paso escrito.",
    }


def module_counts(module: str, notebook: str) -> Texts:
    return {
        "en": f"{module} counts, because a step is written in it; {notebook} was not graded.",
        "es": f"Cuenta {module}, porque tiene algún paso escrito; {notebook} no se corrigió.",
    }


def no_code(notebook: str) -> Texts:
    return {"en": f"{notebook} has no code.", "es": f"{notebook} no tiene código."}


def about_ignored(ignored: Sequence[tuple[int, str]]) -> Texts | None:
    """Return which lines (cell, text) are not run because they are no Python; None where there are none."""
    if not ignored:
        return None
    texts = {}
    words = (("en", "Ignored, as no Python", "cell"), ("es", "Ignorado, porque no es Python", "celda"))
    for language, start, word in words:
        shown = [f"{clean(line, 40)} ({word} {number})" for number, line in ignored[:SHOWN_LINES]]
        more = [f"+{len(ignored) - SHOWN_LINES}"] if len(ignored) > SHOWN_LINES else []
        texts[language] = f"{start}: {', '.join(shown + more)}."
    return texts


def place(cell: object, line: object) -> Texts:
    """Return where something is: "line 7", "cell 3, line 2", or nothing where that is unknown."""
    parts = {"en": (("cell", cell), ("line", line)), "es": (("celda", cell), ("línea", line))}
    return {
        language: ", ".join(f"{word} {number}" for word, number in named if number) for language, named in parts.items()
    }


def about_failed(failed: Sequence[tuple[Texts, str]]) -> Texts | None:
    """Return what failed by itself, each by its place and `Error: message`; None where nothing did."""
    if not failed:
        return None
    shown = [(at, clean(what, 100)) for at, what in failed[:SHOWN_FAILURES]]
    more = [f"+{len(failed) - SHOWN_FAILURES}"] if len(failed) > SHOWN_FAILURES else []
    start = {"en": "Failed by itself", "es": "Falló por sí solo"}
    return {
        language: f"{start[language]}: {'; '.join([f'{at[language]}: {what}' for at, what in shown] + more)}."
        for language in LANGUAGES
    }
