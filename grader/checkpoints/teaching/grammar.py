"""Templates and the words that fill them, read from `data/*.toml`; an example is a template, filled at random.

`{adjective}` draws anew each time, `{adjective#1}` once per example. A rule is a list of words ("good, bad"), of
templates, which are filled in turn, or a table: one row is drawn, and `{capital#1.0}` is its first column. A word with
"@" has two endings: `{bueno_f}` and `{bueno_m}` read the rule `bueno` with "a" or "o" in its place. Nothing here knows
tasks, tokens or models.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

ROOM = Path(__file__).parent
LANGUAGES = ("en", "es")
SLOT = re.compile(r"\{(\w+)(?:#(\w+))?(?:\.(\d))?\}")
ENDINGS = {"_f": "a", "_m": "o"}

Rules = Mapping[str, Any]


@lru_cache
def read(folder: str, name: str) -> Mapping[str, Any]:
    """Return `folder/name.toml` of this room, for folder "data" or "probes"."""
    return tomllib.loads((ROOM / folder / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache
def rules_of(name: str, language: str) -> Rules:
    """Return the rules of a data file in one language, those that all files share included."""
    merged = {**read("data", "common")[language], **read("data", name)[language]}
    return {rule: value.split(", ") if isinstance(value, str) else value for rule, value in merged.items()}


class Filler:
    """Fills the templates of one example: what `#` binds stays the same until the next `Filler`."""

    def __init__(self, rules: Rules, random: Random) -> None:
        self._rules, self._random = rules, random
        self._bound: dict[str, Any] = {}

    def fill(self, template: str) -> str:
        """Return the template with every slot filled. Errors: `KeyError` names a rule that there is not."""
        return SLOT.sub(lambda match: self.slot(*match.groups()), template)

    def sentence(self, template: str) -> str:
        """Return the template filled, with a capital letter at its beginning."""
        text = self.fill(template)
        first = next((place for place, char in enumerate(text) if char.isalnum()), 0)
        return text[:first] + text[first : first + 1].upper() + text[first + 1 :]

    def slot(self, rule: str, label: str | None = None, column: str | None = None) -> str:
        """Return what fills one slot."""
        base = rule if rule in self._rules else rule[:-2]
        key = f"{base}#{label}"
        if label is None or key not in self._bound:
            self._bound[key] = self._draw(base)
        value = self._bound[key]
        text = str(value[int(column or 0)] if isinstance(value, list) else value)
        return text.replace("@", ENDINGS.get(rule[-2:], "o"))

    def _draw(self, rule: str) -> Any:
        value = self._random.choice(self._rules[rule])
        return self.fill(value) if "{" in value else value


def parts(templates: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return the templates that are trained on, and every eighth one, which is held out."""
    taught = [template for place, template in enumerate(templates) if place % 8 != 7]
    return taught, [template for template in templates[7::8] if template not in taught]
