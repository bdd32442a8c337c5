"""What a format is: a name, a projection of the report, and what it needs to know beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from grader.report import Report


@dataclass(frozen=True)
class Context:
    """What a projection may know beside the report: the language, the platform's environment, the hour, the terminal.

    `width` is in characters; `now` is in UTC.
    """

    language: str = "en"
    environment: Mapping[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    width: int = 80
    color: bool = False


def anything(context: Context) -> None:
    """Accept every context."""


@dataclass(frozen=True)
class Format:
    """`render` gives the whole text; `ready` raises `ReportError` before anything is graded if it could not.

    `appends` marks a format whose file belongs to the platform and already holds what others wrote; `commands` one that
    is made of workflow commands, where others must not hold any.
    """

    name: str
    render: Callable[[Report, Context], str]
    ready: Callable[[Context], None] = anything
    appends: bool = False
    commands: bool = False
