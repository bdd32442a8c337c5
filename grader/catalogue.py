"""The course on disk: its exercises, and where each thing of an exercise lies. Knows no exercise by name.

Where the solutions are, they say what there is. A course that was released to students has none: there, an index beside
each stub says the same, and the stub is kept a second time, so that it can be put back.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLUG = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")
INDEX = "exercise.toml"
TODO = re.compile(r"^(?P<indent>\s*)# TODO (?P<number>\d+): (?P<text>.*)$")

# The sections of the lesson, in its order, with what they are called in English.
SECTIONS = {
    "Auto Classes": "Auto Classes",
    "Cargar Modelos": "loading models",
    "Flujo de Inferencia": "the inference flow",
    "Tipos de Output": "kinds of output",
    "Token Classification (NER)": "Token Classification (NER)",
    "Question Answering": "Question Answering",
    "Generación de Texto (Causal LM)": "text generation",
    "Modelos Multilingües": "multilingual and Spanish models",
    "Configuración del Modelo": "configuration",
    "Guardar y Cargar": "saving and loading",
    "GPU/CPU": "GPU/CPU",
}


class CourseError(Exception):
    """Something in the course's own files is wrong. The message names the file, the problem and the next step."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: `NN_slug` everywhere, its module `slug.py`.

    `lesson` is the section of the lesson that it trains, `also` are others. `checkpoints` are loaded ahead by its
    workers, `at_home` is the one to try with real weights. `banned` are functions that it is done without. `stated` are
    its TODOs where there is no solution to read them from.
    """

    slug: str
    title: dict[str, str] = field(compare=False)
    lesson: str
    difficulty: int
    minutes: int
    at_home: str
    checkpoints: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    stated: dict[str, tuple[int, ...]] | None = field(default=None, compare=False)
    root: Path = field(default=ROOT, compare=False)

    @property
    def module(self) -> str:
        return self.slug.partition("_")[2]

    @property
    def file(self) -> str:
        return f"{self.module}.py"

    @property
    def notebook(self) -> str:
        return f"{self.module}.ipynb"

    @property
    def stub(self) -> Path:
        return self.root / "exercises" / self.slug / self.file

    @property
    def public_checks(self) -> Path:
        return self.root / "exercises" / self.slug / f"test_{self.file}"

    @property
    def solution(self) -> Path:
        return self.root / "solutions" / self.slug / self.file

    @property
    def kept(self) -> Path:
        """The folder that holds stub and notebook a second time, in a released course."""
        return self.root / "grader" / "stubs" / self.slug

    @property
    def hidden(self) -> Path:
        return self.root / "grader" / "hidden" / self.slug

    @property
    def suite(self) -> Path:
        return self.hidden / "suite.py"

    @cached_property
    def todos(self) -> dict[str, tuple[int, ...]]:
        """The functions that the student writes, in order, each with the numbers of its TODOs."""
        if self.stated is not None:
            return self.stated
        source = self.solution.read_text(encoding="utf-8")
        lines = source.splitlines()
        found: dict[str, tuple[int, ...]] = {}
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                matches = map(TODO.match, lines[node.lineno - 1 : node.end_lineno])
                numbers = tuple(int(match["number"]) for match in matches if match)
                if numbers:
                    found[node.name] = numbers
        if not found:
            raise CourseError(f"{self.solution}: no function has a '# TODO 1: …' step; add one (see CONTRIBUTING.md)")
        return found


def load_exercise(folder: Path, root: Path = ROOT) -> Exercise:
    """Read `exercise.toml` in `folder`. Errors: `CourseError` names what is missing or unknown."""
    path = folder / INDEX
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        stated = data.pop("todos", None)
        return Exercise(
            slug=folder.name,
            title={"en": data.pop("en"), "es": data.pop("es")},
            lesson=data.pop("lesson"),
            difficulty=data.pop("difficulty"),
            minutes=data.pop("minutes"),
            at_home=data.pop("at_home"),
            checkpoints=tuple(data.pop("checkpoints", ())),
            also=tuple(data.pop("also", ())),
            banned=tuple(data.pop("banned", ())),
            prerequisites=tuple(data.pop("prerequisites", ())),
            stated={name: tuple(numbers) for name, numbers in stated.items()} if stated else None,
            root=root,
            **data,
        )
    except FileNotFoundError:
        raise CourseError(f"{path} is missing; write it (see CONTRIBUTING.md)") from None
    except KeyError as error:
        raise CourseError(f"{path} does not state {error}; add it") from None
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise CourseError(f"{path}: {error}") from None


def load_course(root: Path = ROOT) -> dict[str, Exercise]:
    """Return the exercises of the course in learning order, by slug."""
    named = sorted(path for path in (root / "solutions").glob("*/") if SLUG.fullmatch(path.name))
    released = [path.parent for path in sorted((root / "exercises").glob(f"*/{INDEX}"))]
    if not named and not released:
        raise CourseError(f"{root} holds no exercise; run the command where solutions/ or a released course is")
    return {folder.name: load_exercise(folder, root) for folder in named or released}


def select(course: dict[str, Exercise], wanted: list[str]) -> list[Exercise]:
    """Return the exercises that `wanted` names by slug, number or module; all of them when it is empty.

    Errors: `CourseError` names what is unknown and what there is.
    """
    chosen = []
    for name in wanted or course:
        matches = [e for e in course.values() if name in (e.slug, e.module, e.slug[:2]) or name == str(int(e.slug[:2]))]
        if not matches:
            raise CourseError(f"there is no exercise {name!r}; there are {', '.join(course)}")
        chosen += [exercise for exercise in matches if exercise not in chosen]
    return chosen
