"""The table of attack classes and isolation levels, written into both READMEs from a run: `python -m tests.attacks.table`."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.catalogue import ROOT
from tests.attacks.cases import CLASSES, corpus
from tests.attacks.runs import COLUMNS, NotHere, Result, found, run

PAGES = {"en": ROOT / "README.md", "es": ROOT / "README.es.md"}
BLOCK = re.compile(
    r"(<!-- attacks: written by python -m tests\.attacks\.table -->\n)(.*?)(<!-- end of attacks -->)", re.DOTALL
)
ROW = re.compile(r"^\| (\w[^|]*?) \| (.*) \|$", re.MULTILINE)
NAMES = {
    "leaving_early": ("leaving early", "salir antes de tiempo"),
    "hanging": ("hanging", "colgarse"),
    "exhausting": ("exhausting", "agotar recursos"),
    "reading": ("reading", "leer lo oculto"),
    "forging": ("forging", "falsificar"),
    "lying_objects": ("lying objects", "objetos que mienten"),
    "patching": ("patching", "parchear"),
    "escaping": ("escaping", "escapar"),
    "injecting": ("injecting", "inyectar"),
}
WORDS = {
    "en": {
        "class": "attacks contained", "root": "root", "ordinary": "user",
        "raises": "A score was raised by", "at": "at", "reaches": "Not contained at `full`",
    },
    "es": {
        "class": "ataques contenidos", "root": "root", "ordinary": "usuario",
        "raises": "Subieron la nota", "at": "con", "reaches": "Sin contener en `full`",
    },
}  # fmt: skip


def counts(result: Result) -> dict[str, tuple[int, int]]:
    """Return for each class how many of its attacks were contained, and how many there are."""
    told: dict[str, tuple[int, int]] = {}
    for kind in CLASSES:
        attacks = [attack for attack in corpus() if attack.kind == kind]
        told[kind] = sum(map(result.is_contained, attacks)), len(attacks)
    return told


def raising(results: Sequence[Result]) -> dict[str, list[str]]:
    """Return the attacks that raised a score, each with the levels at which they did."""
    order = ("full", "partial", "process")
    levels = {attack.id: {one.column.level for one in results if one.raised(attack)} for attack in corpus()}
    return {name: sorted(where, key=order.index) for name, where in levels.items() if where}


def render(results: Sequence[Result], language: str) -> str:
    """Return the block: the table, and below it every attack that raised a score or got through at `full`."""
    words, place = WORDS[language], 0 if language == "en" else 1
    heads = [f"`{one.column.level}`, {words[one.column.user]}" for one in results]
    lines = [f"| {words['class']} | {' | '.join(heads)} |", "| --- |" + " ---: |" * len(heads)]
    all_counts = [counts(one) for one in results]
    for kind in CLASSES:
        cells = ["{}/{}".format(*one[kind]) for one in all_counts]
        lines.append(f"| {NAMES[kind][place]} | {' | '.join(cells)} |")
    raised = [f"`{name}` ({', '.join(f'`{level}`' for level in where)})" for name, where in raising(results).items()]
    through = [
        f"`{attack.id}`"
        for attack in corpus()
        if any(one.column.level == "full" and not one.is_contained(attack) for one in results)
    ]
    lines += ["", f"{words['raises']}: {', '.join(raised)}.", "", f"{words['reaches']}: {', '.join(through)}."]
    return "\n".join(lines) + "\n"


def committed(language: str) -> str:
    """Return the block that stands in the page of this language. Errors: `ValueError` if it has none."""
    match = BLOCK.search(PAGES[language].read_text(encoding="utf-8"))
    if match is None:
        raise ValueError(f"{PAGES[language]} has no block of attacks; put its two comments back")
    return match[2]


def cells(text: str) -> list[list[str]]:
    """Return the cells of a table's rows, heading first, without the names of the rows."""
    rows = [row.split(" | ") for name, row in ROW.findall(text)]
    return [rows[0], *rows[1:]]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        results = run(COLUMNS, Path(folder), at_once=2)
    missing = [f"{column.id}: {why}" for column, why in results.items() if isinstance(why, NotHere)]
    ended = [
        f"{one.column.id} ended early: {one.told['ended']}" for one in found(results.values()) if one.told["ended"]
    ]
    if missing or ended:
        sys.exit("the table takes every column, and not all are to be had: " + "; ".join(missing + ended))
    for language, page in PAGES.items():
        committed(language)
        block = render(found(results.values()), language)
        text = page.read_text(encoding="utf-8")
        page.write_text(BLOCK.sub(lambda match, block=block: match[1] + block + match[3], text), encoding="utf-8")
    print(render(found(results.values()), "en"))


if __name__ == "__main__":
    main()
