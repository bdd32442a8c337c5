"""Classes on a disk, made by hand."""

import os
import subprocess

import pytest

from grader.report import CheckResult, ExerciseResult, Report

SLUG, FILE = "04_softmax_predictions", "softmax_predictions.py"


@pytest.fixture
def exercises(course):
    return [course[SLUG], course["08_best_answer_span"]]


@pytest.fixture
def put():
    """Write a file and the folders that it needs, and return its path."""

    def put(path, text="x = 1\n"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return put


@pytest.fixture
def commit():
    """Make a folder a clone whose last commit has the given time."""

    def commit(folder, when="2026-11-20T10:00:00Z", origin=None):
        environment = {
            **os.environ,
            "GIT_COMMITTER_DATE": when,
            "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
            "HOME": str(folder),
        }
        name = ("-c", "user.name=A <committer x> 1 +0000", "-c", "user.email=a@example.org")
        for arguments in (
            ("init", "-q"),
            ("add", "-A"),
            (*name, "commit", "-q", "--allow-empty", "-m", "committer x 1 +0000"),
        ):
            subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)
        if origin is not None:
            subprocess.run(["git", "remote", "add", "origin", origin], cwd=folder, env=environment, check=True)
        return folder

    return commit


@pytest.fixture
def report():
    """Make the report of a submission with some of its two checks passed, or one that the grader failed on."""

    def report(name, passed=2, fault=False, seed=7):
        statuses = ["grader_error"] * 2 if fault else ["passed"] * passed + ["failed"] * (2 - passed)
        title = {"en": "It is right.", "es": "Es correcto."}
        checks = tuple(CheckResult(f"test_{n}", title, s, int(s == "passed")) for n, s in enumerate(statuses))
        status = "grader_error" if fault else "graded"
        exercise = ExerciseResult(SLUG, title, status, sum(c.score for c in checks), 2, checks, file=f"{SLUG}/{FILE}")
        return Report(name, seed, "process", (), exercise.score, 2, 0.5, {"grader": "1"}, (exercise,))

    return report
