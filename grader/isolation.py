"""Words about isolation that several rooms share: its layers, its lines, its levels. Pure data; knows no system call.

A *layer* is a primitive that shuts a worker in. A *line* is what must hold whatever the layers are, and a worker finds
out by trying. A *level* is how many lines hold: `full` all three, `partial` some, `process` none beyond the process
line, which every worker has (a process, folder and environment of its own, limits, an end from outside).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

IsolationLevel = Literal["process", "partial", "full"]
LEVELS: tuple[IsolationLevel, ...] = ("process", "partial", "full")
LINES = ("file system", "network", "processes")

# In the order in which a worker takes them. By hand, `partial` is what a kernel without Landlock gives.
LAYERS = ("namespaces", "bounded folder", "own user", "landlock", "seccomp")
LAYERS_AT: Mapping[str, tuple[str, ...]] = {"full": LAYERS, "partial": ("seccomp",), "process": ()}


@dataclass(frozen=True)
class Isolation:
    """What shuts workers in during a run: `layers` that hold; `missing` layers and `open` lines, each with its reason.

    `details` says more of a layer, such as Landlock's ABI.
    """

    layers: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> IsolationLevel:
        if not self.open:
            return "full"
        return "partial" if set(self.open) < set(LINES) else "process"

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return what is missing, lines first, as a report says it."""
        lines = [f"{line}: {self.open[line]}" for line in LINES if line in self.open]
        return (*lines, *(f"{layer}: {self.missing[layer]}" for layer in LAYERS if layer in self.missing))

    def reaches(self, level: IsolationLevel) -> bool:
        """Whether this is at least `level`."""
        return LEVELS.index(self.level) >= LEVELS.index(level)


def nothing_shut(reason: str) -> Isolation:
    """Return the isolation of the process line alone, for one reason."""
    return Isolation((), dict.fromkeys(LAYERS, reason), dict.fromkeys(LINES, "open"))


def found(facts: Mapping[str, Mapping[str, str]], asked: Iterable[str]) -> Isolation:
    """Return what a worker's `facts` say of the layers that were `asked` of it."""
    missing = facts["missing"]
    return Isolation(tuple(layer for layer in asked if layer not in missing), missing, facts["open"], facts["used"])
