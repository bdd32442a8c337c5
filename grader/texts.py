"""Texts that people read, in English and Spanish, and how text of a student's becomes safe to stand in one."""

from __future__ import annotations

import unicodedata

LANGUAGES = ("en", "es")
Texts = dict[str, str]


def clean(text: str, limit: int = 160) -> str:
    """Return `text` on one line, without control characters, at most `limit` long."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text[: 4 * limit])
    line = " ".join(spaced.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def joined(*texts: Texts | None) -> Texts | None:
    """Return the texts one after the other; None where there are none."""
    given = [text for text in texts if text is not None]
    return {language: " ".join(text[language] for text in given) for language in LANGUAGES} if given else None
