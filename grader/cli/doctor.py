"""The command `grader doctor`: what this machine offers, what is missing, and what to do about it."""

from __future__ import annotations

import json
import platform
import sys
from typing import Annotated, Any, Literal

import typer
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.checkpoints import cache
from grader.cli.advice import System, advice
from grader.isolation import LAYERS, LINES, Isolation
from grader.judge.confinement import is_root
from grader.judge.workers import Workshop
from grader.report import versions

SCHEMA = "grader/doctor/v1"
DOES = {
    "namespaces": "no network device; mounts, IPC and host name of its own",
    "bounded folder": "at most 256 MiB of files, gone with the worker",
    "own user": "a user that owns nothing else",
    "landlock": "reads what it needs, writes its own folder",
    "seccomp": "no sockets, no processes, no reach to others",
}
SHUT = {
    "file system": "reads and writes only what is its own",
    "network": "opens no socket of any family",
    "processes": "starts none, signals and reads none",
}
MEANS = {
    "full": "every line is shut: grade what you do not trust",
    "partial": "some lines are open: grade what you do not trust inside a container",
    "process": "a process, folder and limits only: grade what you do not trust inside a container",
}


def doctor(
    format: Annotated[Literal["text", "json"], typer.Option(help="Format of the answer.")] = "text",
) -> None:
    """Say what this machine offers to shut student code in, what is missing, and what to do about it."""
    errors = Console(stderr=True)
    with errors.status("asking a worker what it can still do") if errors.is_terminal else errors, Workshop([]) as shop:
        isolation = shop.settle()
    found = examine(isolation)
    if format == "json":
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(render(found))


def examine(isolation: Isolation) -> dict[str, Any]:
    """Return what there is to say about this machine, as the JSON object `grader/doctor/v1`."""
    system = System.here(is_root())
    layers = {}
    for layer in LAYERS:
        reason = isolation.missing.get(layer)
        layers[layer] = {
            "holds": reason is None,
            "detail": isolation.details.get(layer) or None,
            "reason": reason,
            "next_step": None if reason is None else advice(layer, reason, system),
        }
    return {
        "schema": SCHEMA,
        "isolation": isolation.level,
        "lines": {line: {"shut": line not in isolation.open, "what": isolation.open.get(line)} for line in LINES},
        "layers": layers,
        "system": {
            "platform": platform.system(), "release": platform.release(), "machine": platform.machine(),
            "root": system.root, "container": system.container,
        },
        "versions": versions(),
        "checkpoints": {"folder": str(cache.home()), "built": cache.is_built()},
    }  # fmt: skip


def render(found: dict[str, Any]) -> RenderableType:
    """Return what `examine` found, for a terminal."""
    head = Text.assemble("isolation: ", (found["isolation"], "bold"), f" · {MEANS[found['isolation']]}")
    lines = _table("line", "a worker", "")
    for line, state in found["lines"].items():
        lines.add_row(_mark(state["shut"]), line, SHUT[line], Text(state["what"] or "", style="yellow"))
    layers = _table("layer", "what it gives", "here")
    for layer, state in found["layers"].items():
        here = Text(state["reason"] or state["detail"] or "")
        here.append(f"\n→ {state['next_step']}" if state["next_step"] else "", style="yellow")
        layers.add_row(_mark(state["holds"]), layer, DOES[layer], here)
    system, checkpoints = found["system"], found["checkpoints"]
    where = ["root" if system["root"] else "an ordinary user", *(["in a container"] if system["container"] else [])]
    built = "built" if checkpoints["built"] else "not built; run: grader checkpoints build"
    rows = {
        "system": f"{system['platform']} {system['release']} ({system['machine']}), as {', '.join(where)}",
        "versions": " · ".join(f"{name} {version}" for name, version in found["versions"].items()),
        "checkpoints": f"{built} ({checkpoints['folder']})",
    }
    rest = Table.grid(padding=(0, 2, 0, 0))
    for name, text in rows.items():
        rest.add_row(Text(name, style="dim"), Text(text))
    return Group(head, Text(), lines, layers, rest)


def _table(*columns: str) -> Table:
    table = Table("", *columns, box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[1].width = max(map(len, (*LAYERS, *LINES)))
    table.columns[2].width = max(map(len, (*DOES.values(), *SHUT.values())))
    return table


def _mark(holds: bool) -> Text:
    return Text("✓", style="green") if holds else Text("✗", style="yellow")
