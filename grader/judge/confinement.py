"""What a worker is to be shut in with: what it reads, what it must not reach, and the layers that this machine offers.

The layers are found out by trial workers, never assumed: a layer that one could not take is left out, and another one
tries the rest, until one took all that it was asked for.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import grader
from grader.isolation import LAYERS_AT, LINES, Isolation, IsolationLevel, found, nothing_shut

FIRST_USER = 2_000_000_000  # far above the users of a system and the ranges that containers are given
USERS_OF_A_RUN = 10_000
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip


def prepare(room: Path) -> None:
    """Make the canary in `room`, and let users of their own pass through it to what is theirs."""
    (room / "canary").write_text("A worker that reads this is not shut in.\n")
    (room / "canary").chmod(0o644)
    if is_root():
        for folder in (room, room / "workers"):
            folder.chmod(0o711)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@lru_cache(maxsize=1)
def readable(room: Path, models: Path) -> list[str]:
    """Return the files and folders that a worker reads: the interpreter, its packages, libraries, `models`, and us.

    No path of `sys.path` is taken over: of an editable installation, the repository stands there too.
    """
    base = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    folders = [sysconfig.get_path(name, vars=base) for name in ("stdlib", "platstdlib")]
    folders += [sysconfig.get_path(name) for name in ("purelib", "platlib")]
    folders += [str(Path(sys.base_prefix) / "lib"), str(models), str(room / "stage"), *SYSTEM]
    return sorted({os.path.realpath(folder) for folder in folders if Path(folder).exists()})


def canaries(room: Path) -> list[str]:
    """Return files that no worker may reach: one in the room, and this module, which lies where the suites do."""
    return [str(room / "canary"), str(Path(grader.__file__).resolve().parent / "judge" / "confinement.py")]


def warm(room: Path, models: Path, level: IsolationLevel) -> dict[str, Any]:
    """Return what the warm process is told: whether to enter namespaces, and what its workers must reach in them."""
    return {"namespaces": level == "full", "needed": [*readable(room, models), os.path.realpath(room)]}


def ask_for(level: IsolationLevel, start: str, namespaces: str | None) -> Isolation:
    """Return the layers to try for `level`; `namespaces` says why the warm process has none, "" where it has."""
    if sys.platform != "linux":
        return nothing_shut(f"{sys.platform} has neither Landlock nor seccomp")
    if level == "process":
        return nothing_shut("not asked for")
    missing = dict.fromkeys((layer for layer in LAYERS_AT["full"] if layer not in LAYERS_AT[level]), "not asked for")
    if namespaces != "":
        why = namespaces or ("workers start as fresh processes" if start == "fresh" else "not asked for")
        missing |= {"namespaces": why, "bounded folder": "it needs the namespaces"}
    if not is_root():
        missing["own user"] = "only root can change the user"
    layers = tuple(layer for layer in LAYERS_AT[level] if layer not in missing)
    return Isolation(layers, missing)


def after_trial(asked: Isolation, facts: Mapping[str, Mapping[str, str]]) -> Isolation:
    """Return what held in a trial of `asked`; fewer layers than were asked for call for another trial."""
    tried = found(facts, asked.layers)
    return replace(tried, missing={**asked.missing, **tried.missing})


def broken(expected: Isolation, facts: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return which layer or line of `expected` does not hold in a worker with these `facts`, or None."""
    gaps = {**facts["missing"], **{line: what for line, what in facts["open"].items() if line not in expected.open}}
    return next((f"{name}: {why}" for name, why in gaps.items()), None)


def refusal(isolation: Isolation, required: str) -> str:
    """Return the line that says why this machine is not isolated enough."""
    lines = ", ".join(line for line in LINES if line in isolation.open)
    return f"isolation {required} is required, and here it is {isolation.level} (open: {lines}); run: grader doctor"


def device_files(device: str) -> list[str]:
    """Return the files through which a worker uses `device`: of an NVIDIA GPU, its nodes and its driver's notes."""
    if device != "cuda":
        return []
    return [*map(str, sorted(Path("/dev").glob("nvidia*"))), "/proc/driver/nvidia", "/proc/devices"]


def policy(room: Path, models: Path, folder: Path, isolation: Isolation, number: int) -> dict[str, Any]:
    """Return the policy of a worker in `folder`, the `number`-th of this run. A trial finds out what it closes."""
    user = FIRST_USER + os.getpid() % USERS_OF_A_RUN * USERS_OF_A_RUN + number % USERS_OF_A_RUN
    return {
        "folder": str(folder),
        "layers": list(isolation.layers),
        "read": readable(room, models),
        "canaries": canaries(room),
        "closed": [line for line in LINES if line not in isolation.open],
        "user": user if "own user" in isolation.layers else 0,
    }
