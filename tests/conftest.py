"""What several test modules share: paths, and a graded class of small submissions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from grader.batch import grade_submissions
from grader.catalogue import load_course
from grader.checkpoints import cache
from grader.judge.workers import Limits
from grader.submission import Handed, Submission

os.environ.update(cache.environment())  # before anything imports transformers, which reads it only then

ROOT = Path(__file__).resolve().parent.parent
SEED = 7
pytest_plugins = ["pytester"]

# The same inputs each time and none of them timed, so that a change is told from luck. New ones are looked for by
# `python -m tests.fuzz`, or here with `--hypothesis-profile=default`.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def checkpoints():
    """The built checkpoints; no test pays for them twice."""
    return cache.ensure()


@pytest.fixture(scope="session")
def course():
    return load_course()


@pytest.fixture(scope="session")
def run_grader():
    """Run the command `grader` and return the completed process."""

    def run(*arguments, cwd=ROOT, env=None, encoding=None):
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HF_"))}
        return subprocess.run(
            command, cwd=cwd, env={**environment, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **(env or {})},
            capture_output=True, text=True, encoding=encoding, timeout=240, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def grade_sources():
    """Grade modules of one exercise, by name, in one judge session, and return the results by name."""

    def grade(exercise, sources, level="gap", seed=SEED, start=None, limits=None):
        submissions = [
            Submission(
                name, {exercise.slug: Handed({exercise.file: source.encode() if isinstance(source, str) else source})}
            )
            for name, source in sources.items()
        ]
        limits = limits or Limits(import_s=2, call_s=1)
        reports = grade_submissions(submissions, [exercise], level, seed, limits, start)
        return {report.submission: report.exercises[0] for report in reports}

    return grade


def pytest_runtest_setup(item):
    """Skip what needs a CUDA device where there is none; torch is asked only by the tests that are marked."""
    if item.get_closest_marker("gpu"):
        import torch

        if not torch.cuda.is_available():
            built = "has no CUDA" if torch.version.cuda is None else "finds none"
            pytest.skip(f"needs a CUDA device; torch {torch.__version__} {built}")
