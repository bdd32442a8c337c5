"""The pytest plugin of the student's side: `pytest exercises/NN_slug` runs the public checks in this process.

It gives checks the student's module, loads the tiny checkpoints under the real names, turns a step that is not written
yet into one line, bounds each check in time, and remembers where the student stands. In any other pytest session it
does nothing. It needs no solution and no hidden suite.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader import progress
from grader.catalogue import SLUG

SECONDS_PER_CHECK = 30
MODULES = pytest.StashKey[dict[Path, ModuleType]]()
RESULTS = pytest.StashKey[progress.Results]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course")
    group.addoption("--solutions", action="store_true", help="run the public checks against the solutions")
    group.addoption(
        "--checkpoints", choices=("twins", "hub"), default="twins", help="the tiny twins, or the hub's real models"
    )
    group.addoption("--course-seconds", type=float, default=SECONDS_PER_CHECK, help="limit of one public check")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MODULES] = {}
    config.stash[RESULTS] = {}
    paths = [Path(config.invocation_params.dir, str(arg).split("::")[0]).resolve() for arg in config.args]
    exercises = [path for path in paths if _is_exercises(path)]
    if exercises and config.getoption("--checkpoints") == "hub":
        _use_real_models(exercises)
    elif exercises:
        _use_tiny_checkpoints()


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
        if config.pluginmanager.hasplugin("timeout") and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(config.getoption("--course-seconds")))


@pytest.fixture
def student(request: pytest.FixtureRequest) -> ModuleType:
    """The module of the exercise that this check belongs to: the student's, or the solution with `--solutions`."""
    slug = exercise_of(request.path)
    if slug is None:
        raise pytest.UsageError(f"{request.path}: the fixture 'student' is for checks in exercises/NN_slug/")
    folder = request.path.parent
    if request.config.getoption("--solutions"):
        folder = folder.parent.parent / "solutions" / slug
    path = folder / f"{slug.partition('_')[2]}.py"
    modules = request.config.stash[MODULES]
    if path not in modules:
        modules[path] = _load(path, request.config.rootpath)
    return modules[path]


def _load(path: Path, root: Path) -> ModuleType:
    if not path.exists():
        pytest.fail(f"{_short(path, root)} is missing", pytrace=False)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        pytest.fail(f"{_short(path, root)}:{error.lineno}: {type(error).__name__}: {error.msg}", pytrace=False)
    sys.modules[path.stem] = module
    return module


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    outcome = yield
    slug = exercise_of(item.path)
    if slug is None:
        return
    report: pytest.TestReport = outcome.get_result()
    started = True
    if call.excinfo is not None and isinstance(call.excinfo.value, NotImplementedError):
        started = False
        frame = call.excinfo.traceback[-1]
        place = f"{_short(Path(str(frame.path)), item.config.rootpath)}:{frame.lineno + 1}"
        report.longrepr = f"not started: {place}, {call.excinfo.value}"
    if report.when == "call" or report.failed:
        results = item.config.stash[RESULTS].setdefault(slug, {})
        results[item.name] = "passed" if report.passed else "failed" if started else "not_started"


def pytest_sessionfinish(session: pytest.Session) -> None:
    results = session.config.stash.get(RESULTS, {})
    if results and not session.config.getoption("--solutions"):
        progress.remember(session.config.rootpath, results)
