"""The files of a student repository, made in memory from an allow-list: what is not named here is not in it.

Stubs and notebooks are made from the solutions anew, so that an answer left in `exercises/` cannot get out.
"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.authoring.notebooks import notebook_of
from grader.authoring.stubs import stub_of
from grader.catalogue import INDEX, ROOT, Exercise

Platform = Literal["github", "classroom50", "gradescope", "plain"]
PLATFORMS: tuple[str, ...] = get_args(Platform)
# The student's part of the package: modules, and rooms that are copied whole, but for what solves steps itself.
MODULES = (
    "__init__.py", "__main__.py", "answer.py", "catalogue.py", "progress.py", "public.py", "report.py", "student.py",
    "student_plugin.py", "swap.py", "texts.py",
    "cli/__init__.py", "cli/check.py", "cli/checkpoints.py", "cli/student.py", "cli/swap.py",
)  # fmt: skip
ROOMS = ("checkpoints", "notebooks", "reports")
KEPT_BACK = "checkpoints/teaching"
APPLICATION = ("cli/app.py", "cli/student_app.py")  # its name there, and here
NOT_FOR_STUDENTS = ("jinja2", "nbformat")  # dependencies of the authors' rooms alone
NOTEBOOK = "ipykernel"
BESIDE = {  # what else a platform gets, by its name in the repository
    "github": {".github/workflows/classroom.yml": "github.yml"},
    "classroom50": {"autograder.py": "autograder.py"},
    "plain": {"ci-example.yml": "plain.yml"},
}


class ReleaseError(Exception):
    """Nothing was released. The message names what is in the way and the next step."""


def student_repository(
    exercises: Sequence[Exercise], platform: Platform, lang: Literal["en", "es"], torch_index: str | None = None
) -> dict[str, bytes]:
    """Return the files of a student repository by their path in it."""
    files: dict[str, str] = {}
    for exercise in exercises:
        files |= _exercise(exercise)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = _pins(project)
    setuptools = project["tool"]["setuptools"]
    known = {
        "exercises": exercises,
        "first": exercises[0],
        "lang": lang,
        "platform": platform,
        "project": project["project"],
        "dependencies": _dependencies(project),
        "notebook": _of(project["project"]["optional-dependencies"]["dev"], NOTEBOOK),
        "package_data": {
            key: files for key, files in setuptools["package-data"].items() if _is_released(key.split(".", 1)[1])
        },
        "torch": _of(pins, "torch"),
        "torch_index": torch_index,
    }
    templates = {
        "README.md": f"README.{lang}.md", "AGENTS.md": f"AGENTS.{lang}.md", "pyproject.toml": "pyproject.toml",
        ".gitignore": "gitignore", ".devcontainer/devcontainer.json": "devcontainer.json",
    } | BESIDE[platform]  # fmt: skip
    files |= {name: render(template, known) for name, template in templates.items()}
    files["constraints.txt"] = "".join(
        f"{line}\n" for line in ["# Exact versions that this course is tested with.", *pins]
    )
    files["LICENSE"] = (ROOT / "LICENSE").read_text(encoding="utf-8")
    whole = {name: text.encode() for name, text in files.items()} | _package()
    return dict(sorted(whole.items()))


def _exercise(exercise: Exercise) -> dict[str, str]:
    stub = stub_of(exercise.solution.read_text(encoding="utf-8"), exercise.solution)
    notebook = notebook_of(exercise)
    there, kept = f"exercises/{exercise.slug}", f"grader/stubs/{exercise.slug}"
    written = {
        f"{there}/{path.name}": path.read_text(encoding="utf-8")
        for path in (exercise.stub.parent / "README.md", exercise.stub.parent / "README.es.md", exercise.public_checks)
    }
    return written | {
        f"{there}/{exercise.file}": stub,
        f"{there}/{exercise.notebook}": notebook,
        f"{there}/{INDEX}": index_of(exercise),
        f"{kept}/{exercise.file}": stub,
        f"{kept}/{exercise.notebook}": notebook,
    }


def index_of(exercise: Exercise) -> str:
    """Return the index of an exercise for a course without solutions: what students may know of it, as TOML."""
    stated: dict[str, Any] = {
        "en": exercise.title["en"], "es": exercise.title["es"], "lesson": exercise.lesson, "also": exercise.also,
        "difficulty": exercise.difficulty, "minutes": exercise.minutes, "at_home": exercise.at_home,
        "checkpoints": exercise.checkpoints, "prerequisites": exercise.prerequisites, "banned": exercise.banned,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stated.items() if value]
    todos = [f"{name} = {json.dumps(numbers)}" for name, numbers in exercise.todos.items()]
    return "\n".join([*lines, "", "[todos]", *todos, ""])


def _package() -> dict[str, bytes]:
    package = ROOT / "grader"
    sources = {f"grader/{name}": package / name for name in MODULES}
    sources[f"grader/{APPLICATION[0]}"] = package / APPLICATION[1]
    for room in ROOMS:
        paths = [path for path in files_of(package / room) if package / KEPT_BACK not in path.parents]
        sources |= {f"grader/{path.relative_to(package).as_posix()}": path for path in paths}
    return {name: path.read_bytes() for name, path in sources.items()}


def _is_released(package: str) -> bool:
    return package.split(".")[0] in ROOMS and package.replace(".", "/") != KEPT_BACK


def files_of(folder: Path) -> Iterator[Path]:
    """Give every file below `folder`, in order, but what Python and editors leave there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(
            part == "__pycache__" or part.startswith(".") for part in path.relative_to(folder).parts
        ):
            yield path


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return match[0].lower().replace("_", "-")


def _of(requirements: Sequence[str], name: str) -> str:
    return next(requirement for requirement in requirements if _name(requirement) == name)


def _dependencies(project: dict[str, Any]) -> list[str]:
    return [each for each in project["project"]["dependencies"] if _name(each) not in NOT_FOR_STUDENTS]


def _pins(project: dict[str, Any]) -> list[str]:
    """Return the pins of what students install."""
    wanted = {*map(_name, _dependencies(project)), "huggingface-hub", NOTEBOOK}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#") and _name(line) in wanted]


def render(template: str, known: dict[str, Any]) -> str:
    environment = Environment(
        loader=PackageLoader("grader.authoring.release"), undefined=StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,
        variable_start_string="<<", variable_end_string=">>", block_start_string="<%", block_end_string="%>",
        comment_start_string="<#", comment_end_string="#>",
    )  # fmt: skip
    environment.filters["shell"] = shlex.quote
    return environment.get_template(f"{template}.jinja").render(known)
