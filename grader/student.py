"""What a notebook imports of the course: the tiny checkpoints, and the public checks on its own functions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from grader import public
from grader.catalogue import load_course, select
from grader.checkpoints import cache

WORDS = {
    "en": {"pass": "{passed} of {all} checks pass", "not_started": "not started: TODO {todo}"},
    "es": {"pass": "{passed} de {all} comprobaciones superadas", "not_started": "sin empezar: TODO {todo}"},
}


def use_tiny_checkpoints() -> None:
    """Make the real checkpoint names load the tiny twins in this process; built first where they are missing.

    Without this call, the names load the real models, where there is a network.
    Errors: `RuntimeError` if transformers was imported before with another cache, which it reads only once.
    """
    loaded = sys.modules.get("huggingface_hub.constants")
    if loaded is not None and Path(loaded.HF_HOME) != cache.home():
        raise RuntimeError("transformers was imported before this: restart the kernel and run this cell first")
    if not cache.is_built():
        print("Building the tiny checkpoints (once, a few seconds) …")
    cache.ensure()
    os.environ.update(cache.environment())


def check(exercise: str, lang: Literal["en", "es"] = "en") -> None:
    """Run the public checks of `exercise` (`"04"`, or its whole name) on this notebook's functions."""
    if "transformers" not in sys.modules:
        use_tiny_checkpoints()
    (chosen,) = select(load_course(), [exercise])
    outcomes = public.run_here(chosen, sys.modules["__main__"])
    passed = sum(outcome.status == "passed" for outcome in outcomes)
    titles, words = public.listed(chosen), WORDS[lang]
    print(f"{chosen.slug[:2]} · {chosen.title[lang]}: {words['pass'].format(passed=passed, all=len(outcomes))}")
    for outcome in outcomes:
        symbol = {"passed": "✓", "not_started": "–"}.get(outcome.status, "✗")
        print(f"  {symbol} {titles[outcome.check]}")
        told = outcome.message[lang] if outcome.message else ""
        if outcome.status == "not_started" and outcome.todo is not None:
            told = words["not_started"].format(todo=outcome.todo)
        if told:
            print(f"      {told}")
