"""The public checks as a student runs them, in a repository of their own."""

import json
import re
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.catalogue import load_course

ROOT_OPTIONS = "-p no:cacheprovider --import-mode=importlib"
CODE = "04_softmax_predictions"


@pytest.fixture
def repository(pytester, course, monkeypatch):
    """A repository with the exercises and nothing hidden."""
    monkeypatch.setenv("PYTEST_ADDOPTS", ROOT_OPTIONS)
    for name in ("HF_HOME", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name)
    for exercise in course.values():
        shutil.copytree(exercise.stub.parent, pytester.path / "exercises" / exercise.slug)
    pytester.makeini("[pytest]\naddopts =")
    return pytester


def run(repository, *arguments):
    return repository.runpytest_subprocess(*arguments)


def test_an_untouched_function_is_one_line(repository):
    result = run(repository, f"exercises/{CODE}")
    result.assert_outcomes(failed=4)
    assert "not started: exercises/04_softmax_predictions/softmax_predictions.py:23, TODO 1" in result.outlines
    assert not any("Traceback" in line or line.startswith("E ") for line in result.outlines)


def test_a_course_in_spanish_tells_it_in_spanish(repository, notebook):
    repository.makeini("[pytest]\naddopts =\ncourse_language = es")
    whole = notebook.read_text()
    told = f"sin empezar: exercises/{CODE}/softmax_predictions.py:23, TODO 1"
    assert told in run(repository, f"exercises/{CODE}").outlines
    (notebook.parent / "softmax_predictions.py").unlink()
    outlines = run(repository, f"exercises/{CODE}").outlines
    assert any(re.match(r"sin empezar: .*\.ipynb, celda \d+, línea \d+, TODO 1$", line) for line in outlines)
    notebook.write_text(whole[:900])
    outlines = run(repository, f"exercises/{CODE}").outlines
    assert any(line.startswith("softmax_predictions.ipynb no es un notebook completo: ") for line in outlines)


def test_every_untouched_exercise_is_not_started(repository):
    result = run(repository, "exercises")
    told = [line for line in result.outlines if line.startswith("not started: ")]
    assert len(told) == result.parseoutcomes()["failed"]


def test_a_right_answer_passes_its_public_checks(repository, course):
    shutil.copy(course[CODE].solution, repository.path / "exercises" / CODE)
    run(repository, f"exercises/{CODE}").assert_outcomes(passed=4)


def test_the_solutions_pass_all_public_checks(repository, course):
    for exercise in course.values():
        target = repository.path / "solutions" / exercise.slug
        target.mkdir(parents=True)
        shutil.copy(exercise.solution, target)
    result = run(repository, "exercises", "--solutions")
    outcomes = result.parseoutcomes()
    assert set(outcomes) == {"passed"}
    assert not (repository.path / ".grader").exists()


def test_a_syntax_error_is_one_line(repository):
    (repository.path / "exercises" / CODE / "softmax_predictions.py").write_text("def f(:\n")
    result = run(repository, f"exercises/{CODE}")
    result.assert_outcomes(errors=4)
    assert "exercises/04_softmax_predictions/softmax_predictions.py:1: SyntaxError: invalid syntax" in result.outlines


def test_a_file_that_ends_the_program_is_one_line_for_every_check(repository, course):
    source = course[CODE].solution.read_text() + "import sys\nsys.exit(0)\n"
    (repository.path / "exercises" / CODE / "softmax_predictions.py").write_text(source)
    result = run(repository, f"exercises/{CODE}")
    result.assert_outcomes(errors=4)
    place = f"exercises/{CODE}/softmax_predictions.py:{source.count(chr(10))}"
    told = f"{place}: it ends the program here (exit, quit or sys.exit). Delete that."
    assert result.outlines.count(told) == 4
    assert not any("_pytest" in line or line.startswith("E ") for line in result.outlines)


@pytest.fixture
def notebook(repository, course):
    """A repository of which the course's data are known too, and the notebook of one exercise in it, to be written."""
    for exercise in course.values():
        shutil.copytree(exercise.solution.parent, repository.path / "solutions" / exercise.slug)
    return repository.path / "exercises" / CODE / "softmax_predictions.ipynb"


def test_a_notebook_counts_where_no_step_of_the_module_is_written(repository, course, notebook):
    run(repository, f"exercises/{CODE}").assert_outcomes(failed=4)
    cells = [new_code_cell("%pwd"), new_code_cell(course[CODE].solution.read_text() + "\nnowhere()")]
    notebook.write_text(nbformat.writes(new_notebook(cells=cells)))
    result = run(repository, f"exercises/{CODE}")
    result.assert_outcomes(passed=4)
    assert "softmax_predictions.ipynb counts: no step is written in softmax_predictions.py." in result.outlines
    line = course[CODE].solution.read_text().count("\n") + 2
    assert "Ignored, as no Python: %pwd (cell 1)." in result.outlines
    assert f"Failed by itself: cell 2, line {line}: NameError: name 'nowhere' is not defined." in result.outlines


def test_a_notebook_that_is_not_whole_is_one_line(repository, notebook):
    notebook.write_text(notebook.read_text()[:900])
    for module in ("untouched", "missing"):
        result = run(repository, f"exercises/{CODE}")
        result.assert_outcomes(errors=4)
        told = [
            line for line in result.outlines if line.startswith("softmax_predictions.ipynb is not a whole notebook")
        ]
        assert len(told) == 4, module
        (notebook.parent / "softmax_predictions.py").unlink(missing_ok=True)


def test_a_step_of_a_notebook_that_is_not_written_is_one_line_with_its_cell(repository, course, notebook):
    half = course[CODE].solution.read_text().partition("    # TODO 2")[0] + '    raise NotImplementedError("TODO 2")'
    notebook.write_text(nbformat.writes(new_notebook(cells=[new_code_cell(half)])))
    result = run(repository, f"exercises/{CODE}")
    result.assert_outcomes(passed=2, failed=2)
    told = [line for line in result.outlines if line.startswith("not started: ")]
    assert told[0].startswith(f"not started: exercises/{CODE}/softmax_predictions.ipynb, cell 1, line ")
    assert told[0].endswith(", TODO 2")


def test_a_loop_is_stopped_by_its_limit(repository):
    module = repository.path / "exercises" / CODE / "softmax_predictions.py"
    module.write_text("def probabilities(*a, **k):\n    while True: pass\npredict = probabilities\n")
    result = run(repository, f"exercises/{CODE}", "-k", "sums_to_one", "--course-seconds=1")
    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(["*Timeout*1.0s*"])


def test_real_models_without_a_network_are_one_line(repository, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HOME", str(repository.path / "cache"))
    result = run(repository, f"exercises/{CODE}", "--checkpoints", "hub")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in result.errlines if line.startswith("ERROR")]
    assert "the real distilbert-base-uncased-finetuned-sst-2-english cannot be fetched" in line
    assert "leave out --checkpoints hub" in line


def test_real_models_that_were_fetched_before_need_no_network(repository, course, checkpoints, monkeypatch):
    shutil.copytree(checkpoints, repository.path / "cache")  # what a cache of real models looks like
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HOME", str(repository.path / "cache"))
    shutil.copy(course[CODE].solution, repository.path / "exercises" / CODE)
    run(repository, f"exercises/{CODE}", "--checkpoints", "hub").assert_outcomes(passed=4)


def test_progress_is_remembered_check_by_check(repository, course):
    shutil.copy(course[CODE].solution, repository.path / "exercises" / CODE)
    run(repository, f"exercises/{CODE}", "-k", "sums_to_one")
    run(repository, f"exercises/{CODE}", "-k", "stand_alone")
    known = json.loads((repository.path / ".grader" / "progress.json").read_text())
    assert known == {CODE: {"test_each_row_sums_to_one": "passed", "test_several_labels_stand_alone": "passed"}}


def test_the_list_shows_each_exercise_and_what_is_left(run_grader):
    for language in ("en", "es"):
        done = run_grader("list", "--lang", language)
        assert done.returncode == 0
        for exercise in load_course().values():
            assert exercise.slug in done.stdout
            total = sum(map(len, exercise.todos.values()))
            assert f"{total}/{total}" in done.stdout


def test_the_plugin_leaves_other_sessions_alone(pytester, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    pytester.makepyfile("import os\ndef test_a():\n    assert 'HF_HUB_OFFLINE' not in os.environ\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
