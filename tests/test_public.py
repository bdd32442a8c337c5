"""`grader check`: the public checks as a report, whatever the student's file does to the process."""

import json
import shutil
from xml.etree import ElementTree as ET

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader import public
from grader.catalogue import ROOT, CourseError, load_course
from grader.reports import annotate, junit, markdown, table
from grader.reports.format import Context
from grader.submission.reading import read_folder

CODE, OTHER = "04_softmax_predictions", "08_best_answer_span"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of two exercises, the second solved."""
    root = tmp_path_factory.mktemp("public")
    for slug in (CODE, OTHER):
        for name in ("exercises", "solutions"):
            shutil.copytree(ROOT / name / slug, root / name / slug)
    course = load_course(root)
    shutil.copy(course[OTHER].solution, course[OTHER].stub)
    return course


def checked(course, source, seconds=public.SECONDS_PER_CHECK):
    course[CODE].stub.write_text(source)
    report = public.run(list(course.values()), seconds)
    assert [exercise.slug for exercise in report.exercises] == [CODE, OTHER]
    assert report.exercises[1].score == report.exercises[1].max_score == 4
    assert report.exercises[0].max_score == len(report.exercises[0].checks) == 4
    assert report.score == sum(exercise.score for exercise in report.exercises)
    return report.exercises[0]


@pytest.fixture(scope="module")
def right(course):
    return course[CODE].solution.read_text()


def test_a_right_answer_gets_every_public_point(course, right):
    result = checked(course, right)
    assert (result.status, result.score) == ("graded", 4)
    assert result.checks[0].title["en"] == "The labels of a row compete: their probabilities sum to 1."


def test_the_stub_is_not_started_and_says_which_step(course):
    result = checked(course, (ROOT / "exercises" / CODE / course[CODE].file).read_text())
    assert (result.status, result.score) == ("not_started", 0)
    assert [check.todo for check in result.checks] == [1, 1, 2, 2]


def test_a_wrong_answer_is_one_line(course, right):
    result = checked(course, right + "\ndef probabilities(logits, multi_label=False):\n    return logits.sigmoid()\n")
    (failed, *_) = [check for check in result.checks if check.status == "failed"]
    assert failed.message["en"].startswith("AssertionError: Tensor-likes are not close!")
    assert "\n" not in failed.message["en"]


def test_an_error_names_the_students_line(course, right):
    broken = right.replace("    if multi_label:", "    raise KeyError(3)\n    if multi_label:")
    line = broken.split("\n").index("    raise KeyError(3)") + 1
    result = checked(course, broken)
    assert {check.message["en"] for check in result.checks} == {f"KeyError: 3 (softmax_predictions.py, line {line})"}
    assert {check.line for check in result.checks} == {line}


def test_file_and_line_are_there_in_every_format_that_has_them(course, right):
    result = checked(course, right + "\ndef probabilities(logits, multi_label=False):\n    return logits.sigmoid()\n")
    assert result.file == f"exercises/{CODE}/softmax_predictions.py"
    failed = [check for check in result.checks if check.status == "failed"]
    line = right.count("\n") + 2
    assert (failed[0].function, failed[0].line) == ("probabilities", line)
    report = public.run([course[CODE]])
    place = f"file=exercises/{CODE}/softmax_predictions.py,line={line},"
    assert f"::error {place}title=04 · The labels of a row compete" in annotate.render(report, Context())
    cases = ET.fromstring(junit.render(report, Context()).partition("\n")[2]).iter("testcase")
    assert {case.get("file") for case in cases} == {result.file}
    assert f",{result.file},{line}," in table.render(report, Context())


def test_a_step_that_is_not_written_has_its_function_and_line(course):
    stub = (ROOT / "exercises" / CODE / course[CODE].file).read_text()
    result = checked(course, stub)
    line = stub.split("\n").index('    raise NotImplementedError("TODO 1")') + 1
    assert (result.checks[0].function, result.checks[0].line) == ("probabilities", line)


@pytest.fixture
def notebook(course):
    """The notebook of the exercise, put back afterwards."""
    path = course[CODE].stub.parent / course[CODE].notebook
    kept = path.read_text()
    yield path
    path.write_text(kept)


def graded(course, folder):
    """Return what `grader grade` says of the exercise that lies in `folder`."""
    return read_folder(folder, course[CODE], course[CODE].root)


def test_a_notebook_that_counts_is_told_as_a_grade_tells_it(course, right, notebook):
    stub = (ROOT / "exercises" / CODE / course[CODE].file).read_text()
    cells = [new_code_cell("%pwd\nplt.show()"), new_code_cell(right)]
    notebook.write_text(nbformat.writes(new_notebook(cells=cells)))
    result = checked(course, stub)
    assert (result.score, result.file) == (4, f"exercises/{CODE}/softmax_predictions.ipynb")
    grade = graded(course, notebook.parent)
    assert result.note == {
        "en": f"{grade.note['en']} Failed by itself: cell 1, line 2: NameError: name 'plt' is not defined.",
        "es": f"{grade.note['es']} Falló por sí solo: celda 1, línea 2: NameError: name 'plt' is not defined.",
    }
    report = public.run([course[CODE]])
    assert "no step is written in" in markdown.render(report, Context())
    result = checked(course, right)
    assert result.note == graded(course, notebook.parent).note
    assert result.note["es"].startswith("Cuenta softmax_predictions.py, porque tiene algún paso escrito")


@pytest.mark.parametrize("module", ["untouched", "missing"])
@pytest.mark.parametrize("content", ["truncated", "empty"])
def test_a_notebook_that_cannot_be_run_is_told_as_a_grade_tells_it(course, notebook, module, content):
    stub = (ROOT / "exercises" / CODE / course[CODE].file).read_text()
    whole = nbformat.writes(new_notebook(cells=[])) if content == "empty" else notebook.read_text()[:900]
    notebook.write_text(whole)
    course[CODE].stub.write_text(stub)
    if module == "missing":
        course[CODE].stub.unlink()
    result = public.run([course[CODE]]).exercises[0]
    grade = graded(course, notebook.parent)
    course[CODE].stub.write_text(stub)
    if (module, content) == ("untouched", "empty"):
        assert (result.status, result.message, result.note) == ("not_started", None, None)
        return
    assert (result.status, result.score, result.max_score) == ("unreadable", 0, 4)
    assert (result.message, result.note) == (grade.problem, grade.note)


@pytest.mark.parametrize(
    ("code", "status", "message", "passed"),
    [
        ("import os; os._exit(0)", "crashed", "It ended the Python process (exit 0).", 2),
        ("import os; os.abort()", "crashed", "It ended the Python process (signal 6).", 2),
        ("while True: pass", "timeout", "It did not end within 10 s and was stopped.", 2),
    ],
)
def test_what_ends_the_process_or_does_not_end_costs_only_its_own_checks(course, right, code, status, message, passed):
    head, _, tail = right.partition("    # TODO 2")
    seconds = 10 if status == "timeout" else public.SECONDS_PER_CHECK
    result = checked(course, head + f"    {code}\n    # TODO 2" + tail, seconds)
    assert [check.status for check in result.checks] == ["passed"] * passed + [status] * (4 - passed)
    assert {check.message["en"] for check in result.checks[passed:]} == {message}


def test_a_file_that_leaves_at_import_or_is_not_python_costs_its_own_exercise(course):
    assert {check.status for check in checked(course, "import os; os._exit(0)\n").checks} == {"crashed"}
    told = {check.message["en"] for check in checked(course, "def f(:\n").checks}
    assert told == {f"exercises/{CODE}/softmax_predictions.py:1: SyntaxError: invalid syntax"}


def test_a_file_that_ends_the_program_says_so_at_every_check(course, right):
    result = checked(course, right + "import sys\nsys.exit(0)\n")
    line = right.count("\n") + 2
    place = f"exercises/{CODE}/softmax_predictions.py:{line}"
    assert {check.message["en"] for check in result.checks} == {
        f"{place}: it ends the program here (exit, quit or sys.exit). Delete that."
    }
    assert {check.message["es"] for check in result.checks} == {
        f"{place}: aquí termina el programa (exit, quit o sys.exit). Bórralo."
    }


def test_a_file_that_is_not_there_is_missing(course, right):
    notebook = course[CODE].stub.parent / course[CODE].notebook
    course[CODE].stub.unlink()
    kept = notebook.read_text()
    notebook.unlink()
    result = public.run([course[CODE]]).exercises[0]
    notebook.write_text(kept)
    course[CODE].stub.write_text(right)
    assert (result.status, result.score, result.max_score) == ("missing", 0, 4)
    assert result.message["en"] == f"{CODE}/softmax_predictions.py is not there."


def test_public_checks_that_cannot_be_read_are_one_line(course):
    path = course[CODE].public_checks
    kept = path.read_text()
    path.write_text("def test_a(:\n")
    with pytest.raises(CourseError, match=r"test_softmax_predictions.py:1: invalid syntax; restore the file with git"):
        public.run(list(course.values()))
    path.write_text("import nothing_of_that_name\n" + kept)
    result = public.run(list(course.values()))
    path.write_text(kept)
    assert {check.message["en"] for check in result.exercises[0].checks} == {
        f"The check could not be collected; see: pytest exercises/{CODE}"
    }
    assert result.exercises[1].score == 4


def test_the_command_reports_in_both_languages_and_as_json(run_grader):
    done = run_grader("check", "04", "--lang", "es")
    assert done.returncode == 0, done.stderr
    assert "04_softmax_predictions  0/4  sin empezar" in done.stdout
    done = run_grader("check", "04", "--format", "json", "--fail-under", "1")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["score"], report["max_score"], report["isolation"]) == (0, 4, "none")
