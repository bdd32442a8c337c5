"""The pytest plugin of the student's side: `pytest exercises/NN_slug` runs the public checks in this process.

It gives checks the student's module or notebook, loads the tiny checkpoints under the real names, turns a step that is
not written yet into one line, bounds each check in time, and remembers where the student stands. In any other pytest
session it does nothing. It needs no solution and no hidden suite.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
import traceback
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader import progress, public
from grader.answer import Answer, find_answer
from grader.catalogue import SLUG, CourseError, load_course
from grader.notebooks.running import MARK
from grader.report import CheckStatus
from grader.texts import LANGUAGES, Texts, clean, joined

MAX_LINE = 200
CELL = ", celda "
NOT_STARTED = {"en": "not started", "es": "sin empezar"}


class Unloaded(pytest.fail.Exception):  # type: ignore[name-defined, misc]
    """The student's file cannot be run; each check of it says so in the same line. `line` is one of that file."""

    def __init__(self, texts: Texts, line: int | None = None) -> None:
        super().__init__(texts["en"], pytrace=False)
        self.texts, self.line = texts, line


MODULES = pytest.StashKey[dict[Path, ModuleType | Unloaded]]()
NOTES = pytest.StashKey[dict[str, list[Texts]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course")
    group.addoption("--solutions", action="store_true", help="run the public checks against the solutions")
    group.addoption(
        "--checkpoints", choices=("twins", "hub"), default="twins", help="the tiny twins, or the hub's real models"
    )
    group.addoption("--course-seconds", type=float, default=public.SECONDS_PER_CHECK, help="limit of one check")
    group.addoption("--course-record", type=Path, help="append to this file what begins and what comes of it")
    parser.addini("course_language", "language of what students are told: en or es", default="en")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MODULES] = {}
    config.stash[public.OUTCOMES] = []
    config.stash[NOTES] = {}
    paths = [Path(config.invocation_params.dir, str(arg).split("::")[0]).resolve() for arg in config.args]
    exercises = [path for path in paths if _is_exercises(path)]
    if exercises and config.getoption("--checkpoints") == "hub":
        _use_real_models(exercises)
    elif exercises:
        _use_tiny_checkpoints()


def _language(config: pytest.Config) -> str:
    named = str(config.getini("course_language"))
    return named if named in LANGUAGES else "en"


def _is_exercises(path: Path) -> bool:
    return any(part.name == "exercises" for part in (path, *path.parents))


def _use_real_models(paths: list[Path]) -> None:
    from grader.checkpoints import cache, hub

    files = [file for path in paths for file in (path.rglob("*.py") if path.is_dir() else path.parent.glob("*.py"))]
    print("Fetching the real models that these exercises name (once) …", file=sys.stderr)
    try:
        folder = hub.fetch_apart(hub.named_in(*(file.read_text("utf-8", "replace") for file in files)))
    except hub.HubError as error:
        raise pytest.UsageError(str(error)) from None
    os.environ.update(cache.environment(folder))


def _use_tiny_checkpoints() -> None:
    from grader.checkpoints import cache

    if not cache.is_built():
        print("Building the tiny checkpoints (once, a few seconds) …", file=sys.stderr)
    cache.ensure()
    os.environ.update(cache.environment())
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def exercise_of(path: Path) -> str | None:
    """Return the slug of the exercise that a file of public checks belongs to."""
    folder = path.parent
    return folder.name if folder.parent.name == "exercises" and SLUG.fullmatch(folder.name) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if exercise_of(item.path) is None:
            continue
        item.add_marker(pytest.mark.filterwarnings("ignore"))
        bounded = any(map(config.pluginmanager.hasplugin, ("timeout", "pytest_timeout")))  # by its entry point, by -p
        if bounded and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(config.getoption("--course-seconds")))


@pytest.fixture
def student(request: pytest.FixtureRequest) -> ModuleType:
    """The module of the exercise that this check belongs to: the student's, or the solution with `--solutions`."""
    config = request.config
    given = config.stash.get(public.GIVEN, None)
    if given is not None:
        return given
    slug = exercise_of(request.path)
    if slug is None:
        raise pytest.UsageError(f"{request.path}: the fixture 'student' is for checks in exercises/NN_slug/")
    folder = request.path.parent
    if config.getoption("--solutions"):
        folder = folder.parent.parent / "solutions" / slug
    modules = config.stash[MODULES]
    if folder not in modules:
        answer = find_answer(folder, slug.partition("_")[2], _steps(folder.parent.parent, slug))
        try:
            modules[folder] = _load(answer, config.rootpath)
        except Unloaded as error:
            modules[folder] = error
        config.stash[NOTES][slug] = answer.notes
    found = modules[folder]
    if isinstance(found, Unloaded):
        raise found
    return found


def _steps(root: Path, slug: str) -> int | None:
    """Return how many steps the exercise has, or None where the course does not say so."""
    try:
        return sum(map(len, load_course(root)[slug].todos.values()))
    except (CourseError, KeyError):
        return None


def _load(answer: Answer, root: Path) -> ModuleType:
    """Run the student's file. Errors: `Unloaded`, or what a module raises."""
    if answer.problem is not None:
        raise Unloaded(answer.problem)
    place = _short(answer.path, root)
    if not answer.path.exists():
        raise Unloaded({"en": f"{place} is missing", "es": f"falta {place}"})
    if str(answer.path.parent) not in sys.path:
        sys.path.insert(0, str(answer.path.parent))
    try:
        return answer.load()
    except SyntaxError as error:
        own = error.filename in (None, str(answer.path))
        where = f"{place if own else _short(Path(str(error.filename)), root)}:{error.lineno}"
        text = f"{where}: {type(error).__name__}: {error.msg}"
        raise Unloaded({"en": text, "es": text}, error.lineno if own else None) from None
    except SystemExit as error:  # pytest takes it for an end of its own, and shows its insides
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in frames if frame.filename == str(answer.path)), None)
        where = f"{place}:{line}" if line else place
        raise Unloaded({
            "en": f"{where}: it ends the program here (exit, quit or sys.exit). Delete that.",
            "es": f"{where}: aquí termina el programa (exit, quit o sys.exit). Bórralo.",
        }, line) from None  # fmt: skip


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def pytest_runtest_setup(item: pytest.Item) -> None:
    slug, record = exercise_of(item.path), item.config.getoption("--course-record")
    if slug is not None and record is not None:
        public.record_line(record, slug, item.name)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    outcome = yield
    slug = exercise_of(item.path)
    if slug is None:
        return
    report: pytest.TestReport = outcome.get_result()
    language = _language(item.config)
    todo = function = None
    error = call.excinfo.value if call.excinfo is not None else None
    if call.excinfo is not None and isinstance(error, NotImplementedError):
        place = _place(call.excinfo.traceback[-1], item.config.rootpath, language)
        report.longrepr = f"{NOT_STARTED[language]}: {place}, {error}"
        todo = int(match[1]) if (match := re.search(r"TODO (\d{1,3})", str(error))) else None
        function = call.excinfo.traceback[-1].name
    elif isinstance(error, Unloaded):
        report.longrepr = error.texts[language]
    if report.when == "call" or report.failed:
        status, message = _became(call, item.path, item.config.getoption("--course-seconds"))
        function = function or _called(item, call)
        found = public.Outcome(
            slug, item.name, status, message, todo, round(call.duration, 4),
            function, _line(item, call, function), joined(*item.config.stash[NOTES].get(slug, [])),
        )  # fmt: skip
        item.config.stash[public.OUTCOMES].append(found)
        if (record := item.config.getoption("--course-record")) is not None:
            public.record_line(record, slug, item.name, found)


def _called(item: pytest.Item, call: pytest.CallInfo[None]) -> str | None:
    """Return the student's function that a check which failed had called last, by the text of the check."""
    if call.excinfo is None or isinstance(call.excinfo.value, Unloaded) or not isinstance(item, pytest.Function):
        return None
    lines, start = inspect.getsourcelines(item.function)
    at = [entry.lineno + 1 for entry in call.excinfo.traceback if Path(str(entry.path)) == item.path]
    calls = re.findall(r"\bstudent\.(\w+)", "".join(lines[: at[-1] - start + 1] if at else []))
    return calls[-1] if calls else None


def _line(item: pytest.Item, call: pytest.CallInfo[None], function: str | None) -> int | None:
    """Return the line of the student's module that an error passed last, else the function's; none of a notebook."""
    if call.excinfo is None:
        return None
    if isinstance(call.excinfo.value, Unloaded):
        return call.excinfo.value.line
    module = item.path.with_name(item.path.name.removeprefix("test_"))
    lines = [entry.lineno + 1 for entry in call.excinfo.traceback if Path(str(entry.path)) == module]
    if lines:
        return lines[-1]
    given = getattr(item, "funcargs", {}).get("student")
    code = getattr(getattr(given, function or "", None), "__code__", None)
    return code.co_firstlineno if code is not None and Path(code.co_filename) == module else None


def _became(call: pytest.CallInfo[None], checks: Path, seconds: float) -> tuple[CheckStatus, Texts | None]:
    """Return the status of a check and one line about it."""
    if call.excinfo is None:
        return "passed", None
    error = call.excinfo.value
    if isinstance(error, NotImplementedError):
        return "not_started", None
    if isinstance(error, pytest.fail.Exception) and str(error).startswith("Timeout"):
        return "timeout", {
            "en": f"It did not end within {seconds:g} s and was stopped.",
            "es": f"No terminó en {seconds:g} s y se detuvo.",
        }
    if isinstance(error, Unloaded):
        return "failed", {language: clean(text, MAX_LINE) for language, text in error.texts.items()}
    if isinstance(error, pytest.fail.Exception):
        line = clean(str(error), MAX_LINE)
        return "failed", {"en": line, "es": line}
    line = clean(call.excinfo.exconly(tryshort=True), MAX_LINE)
    own = [entry for entry in call.excinfo.traceback if _is_own(Path(str(entry.path)), checks)]
    if not own:
        return "failed", {"en": line, "es": line}
    name, number = Path(str(own[-1].path)).name, own[-1].lineno + 1
    spanish = name.replace(MARK, CELL)
    return "failed", {"en": f"{line} ({name}, line {number})", "es": f"{line} ({spanish}, línea {number})"}


def _place(frame: Any, root: Path, language: str) -> str:
    path, number = _short(Path(str(frame.path)), root), frame.lineno + 1
    if ".ipynb" not in path:
        return f"{path}:{number}"
    return f"{path}, line {number}" if language == "en" else f"{path.replace(MARK, CELL)}, línea {number}"


def _is_own(path: Path, checks: Path) -> bool:
    return path.parent == checks.parent and path != checks


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for notes in config.stash.get(NOTES, {}).values():
        for note in notes:
            terminalreporter.write_line(note[_language(config)])


def pytest_sessionfinish(session: pytest.Session) -> None:
    results: progress.Results = {}
    for outcome in session.config.stash.get(public.OUTCOMES, []):
        kept = outcome.status if outcome.status in ("passed", "not_started") else "failed"
        results.setdefault(outcome.slug, {})[outcome.check] = kept
    if results and not session.config.getoption("--solutions"):
        progress.remember(session.config.rootpath, results)
