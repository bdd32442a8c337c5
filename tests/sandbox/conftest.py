"""What the tests of the sandbox share: a worker that tries things, and machines that offer less than this one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import ROOT
from grader.judge.subjects import Call, Student
from grader.judge.workers import Limits, Workshop
from grader.submission import Handed

MACHINE = Path(__file__).with_name("machine.py")
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def shop():
    """A workshop at the highest level of this machine."""
    with Workshop(["bert-base-uncased", "gpt2"], Limits(import_s=20, call_s=20)) as workshop:
        workshop.settle()
        yield workshop


@pytest.fixture(scope="session")
def hire(shop, course):
    """Return a student's worker that has run a module, with one function `probabilities`."""
    exercise = course["04_softmax_predictions"]
    hired = []

    def hire(source):
        handed = Handed({exercise.file: source.encode(), "note.txt": b"a neighbour's work"})
        student = Student(shop, exercise, handed, banned=False)
        student.load()
        hired.append(student)
        return student

    yield hire
    for student in hired:
        student.end()


@pytest.fixture(scope="session")
def ask():
    """Call `probabilities` of a worker and return its value."""

    def ask(student, *arguments):
        outcome = student.perform(Call.of("probabilities", arguments, {}, 1))
        assert outcome.kind == "value", outcome
        return outcome.value

    return ask


@pytest.fixture
def on_machine(tmp_path_factory):
    """Run a command on a machine that offers less: `options` are those of machine.py, `user` an ordinary user's."""

    def run(command, *options, user=False):
        if user and os.geteuid() != 0:
            pytest.skip("only root can become an ordinary user")
        room = tmp_path_factory.mktemp("room")
        whole = [sys.executable, str(MACHINE), *options, *(["--user", str(room)] if user else []), "--", *command]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HF_"))}
        done = subprocess.run(
            whole, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False
        )
        shutil.rmtree(room)
        return done

    return run
