"""What rude submissions cost: only what they broke, within their limits, with nothing left behind.

Honest accidents, and what students read about them, are in `tests/disasters`.
"""

import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.judge.explain import why_not_loaded
from grader.judge.subjects import Outcome

FILE = "softmax_predictions.py"


@pytest.fixture(scope="module")
def results(course, grade_sources, tmp_path_factory):
    exercise = course["04_softmax_predictions"]
    right = exercise.solution.read_text()
    probabilities = right.partition("def predict(")[0]
    dead_probabilities = right.replace("    if multi_label:", "    import os; os._exit(0)\n    if multi_label:")
    sources = {
        "right": right,
        "stub": exercise.stub.read_text(),
        "exit_in_one_function": probabilities + "def predict(*args, **kwargs):\n    import os\n    os._exit(0)\n",
        "exit_in_the_other": dead_probabilities,
        "exit_at_import": "import os\nos._exit(0)\n",
        "sys_exit_at_import": "import sys\nsys.exit('bye')\n",
        "abort_in_a_call": probabilities + "def predict(*args, **kwargs):\n    import os\n    os.abort()\n",
        "loop_at_import": "while True:\n    pass\n",
        "loop_in_a_call": probabilities + "def predict(*args, **kwargs):\n    while True:\n        pass\n",
        "loop_that_swallows": probabilities
        + "def predict(*args, **kwargs):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n",
        "stops_itself": probabilities + "def predict(*args, **kwargs):\n    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n",
        "leaves_children": probabilities
        + "import os, time\ndef predict(*args, **kwargs):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            time.sleep(1000)\n        os._exit(0)\n    return []\n",
        "prints_for_ever": probabilities + "def predict(*args, **kwargs):\n    while True:\n        print('x' * 10**6)\n",
        "ten_gigabytes": right + "\ndef probabilities(*a, **k):\n    return torch.zeros(10**10, dtype=torch.int8)\n",
        "ten_gigabytes_unbacked": right + "\ndef probabilities(*a, **k):\n    return torch.zeros(1).expand(10**10)\n",
        "contains_itself": right + "\ndef probabilities(*a, **k):\n    x = []\n    x.append(x)\n    return x\n",
        "returns_an_object": right + "\ndef probabilities(*a, **k):\n    return object()\n",
        "control_characters": "def probabilities(*a, **k):\n    raise ValueError('a\\x1b[31mb\\n::error::c\\u202e')\n",
        "ends_with_garbage": probabilities + "def predict(*args, **kwargs):\n    import os\n    os.write(3, b'GRD1 this is no frame' * 100)\n    return []\n",
        "right_again": right,
    }  # fmt: skip
    room = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(room))
        graded = grade_sources(exercise, sources)
    graded["processes left"] = processes(room)
    graded["files left"] = list(room.iterdir())
    return graded


def processes(room):
    """Return the processes whose command line names `room`: the warm process, its workers, and what these started."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(room).encode() in command:
                found.add(int(entry.name))
    return found


def statuses(result):
    return {check.status for check in result.checks}


def functions(result, status):
    return {check.function for check in result.checks if check.status == status}


PROBABILITIES_ALONE = 4  # checks that only call `probabilities`, and pass when it is right


def test_a_right_answer_earns_everything_before_and_after_the_others(results):
    assert results["right"].score == results["right"].max_score
    assert results["right_again"].score == results["right_again"].max_score


def test_the_stub_is_not_started(results):
    assert results["stub"].status == "not_started"
    assert results["stub"].score == 0


@pytest.mark.parametrize("name", ["exit_in_one_function", "abort_in_a_call", "stops_itself", "loop_in_a_call",
                                  "loop_that_swallows", "leaves_children", "ends_with_garbage", "prints_for_ever"])  # fmt: skip
def test_what_goes_wrong_in_one_function_costs_the_checks_of_that_function(results, name):
    assert results[name].score == PROBABILITIES_ALONE
    assert statuses(results[name]) & {"crashed", "timeout", "failed"}
    assert functions(results[name], "crashed") | functions(results[name], "timeout") <= {"predict"}


def test_an_exit_in_a_function_that_another_one_calls_costs_both(results):
    assert results["exit_in_the_other"].score == 0
    assert "crashed" in statuses(results["exit_in_the_other"])


def test_a_crash_says_how_it_ended(results):
    message = next(check.message for check in results["exit_in_one_function"].checks if check.status == "crashed")
    assert message["en"] == "It ended the Python process (exit 0)."
    assert message["es"] == "Terminó el proceso de Python (exit 0)."
    aborted = next(check.message for check in results["abort_in_a_call"].checks if check.status == "crashed")
    assert "signal 6" in aborted["en"]


def test_a_loop_says_that_it_was_stopped(results):
    message = next(check.message for check in results["loop_in_a_call"].checks if check.status == "timeout")
    assert message["en"] == "It did not return within 1 s and was stopped. Look for a loop that never ends."


@pytest.mark.parametrize(
    ("name", "status", "text"),
    [
        ("exit_at_import", "crashed", "Importing softmax_predictions.py ended the Python process (exit 0)."),
        ("loop_at_import", "timeout", "Importing softmax_predictions.py did not end within 2 s and was stopped."),
        ("sys_exit_at_import", "failed", "softmax_predictions.py, line 2: it ends the program here (exit, quit or sys.exit). Delete that."),
    ],
)  # fmt: skip
def test_a_module_that_cannot_be_run_is_one_line(results, name, status, text):
    result = results[name]
    assert result.status == "unreadable"
    assert result.score == 0
    assert result.message["en"].startswith(text)
    assert statuses(result) == {status}
    assert len(result.checks) == result.max_score


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("from transformers import *", "Import only what you use: `from transformers import *` loads every model there is."),
        ("from transformers import AutoModel", "The file is imported, not run:"),
    ],
)  # fmt: skip
def test_an_import_that_takes_too_long_says_what_may_take_so_long(course, line, advice):
    student = SimpleNamespace(file=FILE, source=f'"""Doc."""\n{line}\n')
    status, fact = why_not_loaded(course["04_softmax_predictions"], student, Outcome("timeout", how="10"))
    assert status == "timeout"
    assert fact.sentence("en", "gap").startswith(f"Importing {FILE} did not end within 10 s and was stopped. {advice}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ten_gigabytes", "It asked for more memory than the limit. limit: 2048 MiB"),
        ("ten_gigabytes_unbacked", "The result is too large to be checked. 38147 MiB; the limit is 64 MiB"),
        (
            "contains_itself",
            "The result is too large to be checked. it contains itself, or is nested too deep; the limit is 32",
        ),
        ("returns_an_object", "The type of the result is wrong. got: builtins.object; expected: Tensor float32 (4, 3)"),
        ("control_characters", "message: a [31mb ::error::c"),
    ],
)
def test_a_wrong_answer_is_one_clear_line(results, name, text):
    messages = [check.message["en"].split("\n")[-1] for check in results[name].checks if check.status == "failed"]
    assert text in messages


def test_no_process_and_no_file_is_left(results):
    assert results["processes left"] == set()
    assert results["files left"] == []
