"""The files of a new exercise, ready to be filled in. What it writes fails the proof until it is true."""

from __future__ import annotations

from pathlib import Path

from grader.catalogue import SLUG, CourseError

SOLUTION = '''"""TITLE: what the student does, in one sentence."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor


def FUNCTION(logits: Float[Tensor, "batch labels"]) -> Float[Tensor, "batch labels"]:
    """Return … (decide right from wrong here).

    Shapes:  batch rows, one column per label.
    Errors:  none.
    Effects: none; the inputs are left unchanged.
    Source:  …
    """
    # TODO 1: what to do (about 1 line).
    return logits
'''
EXERCISE = """en = "TITLE"
es = "TÍTULO"
lesson = "section of the lesson"
difficulty = 1
minutes = 20
at_home = "distilbert-base-uncased-finetuned-sst-2-english"
checkpoints = ["distilbert-base-uncased-finetuned-sst-2-english"]
"""
README = """# {number} · TITLE

★ · about 20 minutes · lesson: *section* · [en español](README.es.md)

**Goal.** …

## Steps

1. Open `{module}.py` and read the docstring: it decides what is right.
2. Fill TODO 1. Run the checks.

```
pytest exercises/{slug}
```

## Hints

- …

## At home

The same lines run on the real model: see "Real models" in the main README.
"""
README_ES = """# {number} · TÍTULO

★ · unos 20 minutos · lección: *sección* · [in English](README.md)

**Objetivo.** …

## Pasos

1. Abre `{module}.py` y lee la docstring: decide qué es correcto.
2. Completa el TODO 1. Ejecuta las comprobaciones.

```
pytest exercises/{slug}
```

## Pistas

- …

## En casa

Las mismas líneas funcionan con el modelo real: mira "Modelos reales" en el README principal.
"""
PUBLIC = '''"""Public checks of {slug}: what a right answer does, on inputs that you can read."""

import torch


def test_a_sentence_that_is_true_of_a_right_answer(student):
    """The sentence again, as a title."""
    logits = torch.tensor([[6.0, 5.0, -1.0], [0.0, 1.0, 0.5]])
    assert torch.as_tensor(student.FUNCTION(logits)).shape == logits.shape
'''
SUITE = '''"""Hidden checks of {slug}.

What is special about the inputs.
"""

from __future__ import annotations

from grader.judge.draws import uneven_logits
from grader.judge.suite import assert_same


def test_a_sentence_that_is_true_of_a_right_answer(student, reference, rng):
    """The sentence again, as a title.

    es: La frase, como título.
    """
    for rows, labels in ((4, 3), (2, 5)):
        logits = uneven_logits(rng, rows, labels)
        assert_same(student.FUNCTION(logits), reference.FUNCTION(logits))
'''
MISTAKES = """[does_something_wrong]
old = "return logits"
new = "return -logits"
todo = 1
en = "What the result shows. What to do instead."
es = "Lo que muestra el resultado. Qué hacer en su lugar."
source = "where the mistake was seen"
"""
VARIANT = '''"""What is different about this style."""


def FUNCTION(logits):
    return +logits
'''
SECOND = '''"""How this way differs from the solution's, and why it is right: TITLE."""

from __future__ import annotations

import numpy as np
from torch import Tensor


def FUNCTION(logits: Tensor) -> np.ndarray:
    """Return …"""
    return logits.numpy().astype(np.float64)
'''


PLACEHOLDERS = ("TITLE", "TÍTULO", "FUNCTION", "section of the lesson", "where the mistake was seen", "…\n")


def left_over(folders: list[Path]) -> dict[Path, str]:
    """Return the files in `folders` that still hold a text of the scaffold's, each with that text."""
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".toml", ".md")]
    found = {path: next((p for p in PLACEHOLDERS if p in path.read_text(encoding="utf-8")), "") for path in files}
    return {path: text.strip() for path, text in found.items() if text}


def scaffold(slug: str, root: Path) -> list[Path]:
    """Write the files of a new exercise and return them; a file that is there is left as it is.

    Errors: `CourseError` if the name is none, or its number is taken.
    """
    if not SLUG.fullmatch(slug):
        raise CourseError(f"{slug!r} is no name of an exercise; write two digits and words, such as 26_my_exercise")
    number, _, module = slug.partition("_")
    taken = [path.name for path in (root / "solutions").glob(f"{number}_*") if path.name != slug]
    if taken:
        raise CourseError(f"the number {number} belongs to {taken[0]}; numbers are never reused, take another")
    hidden = root / "grader" / "hidden" / slug
    files = {
        root / "solutions" / slug / f"{module}.py": SOLUTION,
        root / "solutions" / slug / "exercise.toml": EXERCISE,
        root / "exercises" / slug / "README.md": README,
        root / "exercises" / slug / "README.es.md": README_ES,
        root / "exercises" / slug / f"test_{module}.py": PUBLIC,
        hidden / "suite.py": SUITE,
        hidden / "mistakes.toml": MISTAKES,
        hidden / "variants" / "another_style.py": VARIANT,
        hidden / "second_reference.py": SECOND,
    }
    written = []
    for path, text in files.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = text.replace("{slug}", slug).replace("{number}", number).replace("{module}", module)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
