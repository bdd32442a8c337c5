"""A proof as a matrix for the terminal: checks across, answers down."""

from __future__ import annotations

import math

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from grader.authoring.verify import Proof, Row

LEGEND = """· passed   ✗ failed, named as itself   x failed   … waiting   - not started   ! crash, timeout or fault
effect: largest change of a number over the noise floor; 'value' where something else than a float changes"""


def matrix(proof: Proof) -> RenderableType:
    """Return the matrix of `proof`, its checks by number, and each broken rule."""
    table = Table(
        title=f"{proof.exercise.slug}  (noise floor {proof.floor:.1g})", title_justify="left", box=box.SIMPLE_HEAD
    )
    table.add_column("answer", no_wrap=True, min_width=max(len(row.name) for row in proof.rows))
    table.add_column(" ".join(f"{number:>2}" for number in range(1, len(proof.checks) + 1)), no_wrap=True)
    for heading in ("points", "effect", "s"):
        table.add_column(heading, justify="right", no_wrap=True)
    previous = ""
    for row in proof.rows:
        if previous and row.kind != previous:
            table.add_section()
        previous = row.kind
        effect = "" if row.effect is None else "value" if math.isinf(row.effect) else f"{row.effect:.0e}"
        cells = Text(" ").join(Text(" ") + _cell(row, check) for check in range(len(proof.checks)))
        table.add_row(row.name, cells, f"{row.passed}/{len(row.runs)}", effect, f"{row.seconds:.2f}")
    checks = "\n".join(f"{number:>2}  {check}" for number, check in enumerate(proof.checks, 1))
    if proof.needs_gpu:
        checks += f"\n +  {proof.needs_gpu} that need a CUDA device and are not part of this proof"
    verdict = [Text.from_markup(f"[red]broken[/red] {escape(line)}") for line in proof.broken]
    return Group(table, Text(checks, style="dim"), Text(LEGEND, style="dim"), *verdict)


def _cell(row: Row, check: int) -> Text:
    run = row.runs[check]
    if run.status == "failed":
        own = row.named.get(run.check.id) == row.name
        return Text("✗", style="green") if own else Text("x", style="yellow" if row.kind == "mistake" else "")
    symbols = {"passed": "·", "waiting": "…", "not_started": "-"}
    return Text(symbols.get(run.status, "!"), style="dim" if run.status == "passed" else "")
