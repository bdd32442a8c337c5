"""Layers point one way, rooms stay small, and the judge never imports torch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

GRADER = Path(__file__).resolve().parent.parent / "grader"
FLOORS = {
    "texts": 0, "wire": 1, "catalogue": 1, "notebooks": 1, "report": 1, "isolation": 1, "progress": 1, "swap": 2,
    "checkpoints": 1,
    "worker": 2, "answer": 2, "public": 3, "submission": 2, "reports": 2, "student_plugin": 4, "student": 4,
    "classes": 3, "judge": 3, "batch": 4, "authoring": 4, "cli": 5, "__main__": 6,
}  # fmt: skip
MODULES = [path for path in GRADER.rglob("*.py") if "hidden" not in path.parts and "sample_class" not in path.parts]
MODULES.remove(GRADER / "__init__.py")


def imported(path):
    """Return the dotted names that a module imports, relative ones made absolute."""
    package = ["grader", *path.relative_to(GRADER).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


def room(dotted):
    parts = dotted.split(".")
    return parts[1] if parts[0] == "grader" and len(parts) > 1 and parts[1] in FLOORS else None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(GRADER)))
def test_a_module_imports_only_its_own_room_and_rooms_below(path):
    own = path.relative_to(GRADER).parts[0].removesuffix(".py")
    for other in filter(None, map(room, imported(path))):
        assert other == own or FLOORS[other] < FLOORS[own], f"{own} imports {other}"
        assert {own, other} != {"judge", "worker"}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.is_relative_to(GRADER / "judge")], ids=lambda path: path.name
)
def test_no_module_of_the_judge_imports_torch(path):
    assert not any(name.split(".")[0] in ("torch", "transformers") for name in imported(path))


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.is_relative_to(GRADER / "reports")], ids=lambda path: path.name
)
def test_a_format_knows_the_report_and_nothing_else(path):
    assert {other for other in map(room, imported(path)) if other} <= {"report", "reports"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(GRADER)))
def test_a_module_says_what_lives_there_and_stays_readable(path):
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source)), "a module's docstring says what lives there"
    assert source.count("\n") <= 400


def test_grading_leaves_torch_unimported_in_the_judge():
    code = (
        "import sys; from grader.batch import grade_submissions; from grader.catalogue import load_course; "
        "from grader.submission import read_submission; from pathlib import Path; "
        "course = list(load_course().values())[:1]; "
        "report, = grade_submissions([read_submission(course[0].solution, course)], course, seed=1); "
        "assert report.score == report.max_score > 0; print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=GRADER.parent)
    assert done.stdout.split() == ["False", "False"]
