"""A class graded from end to end, with one exercise."""

import csv
import io
import json
import shutil

import pytest
from typer.testing import CliRunner

from grader.batch import grade_class
from grader.classes.layouts import find
from grader.classes.plan import make_plan
from grader.classes.results import Results, Settings
from grader.cli import app
from grader.judge.workers import Limits

SLUG, FILE = "04_softmax_predictions", "softmax_predictions.py"
RIGHT, WRONG = "ana_all_right", "bruno_two_mistakes"
FAST = ("--exercise", "04", "--call-seconds", "5", "--import-seconds", "10")


@pytest.fixture
def classroom(tmp_path, course, commit):
    """Clones of four students, one of them a link, and a roster with a fifth."""
    samples = course[SLUG].root / "grader" / "sample_class"
    for name, sample in (("ana", RIGHT), ("bruno", WRONG), ("diego", "diego_untouched")):
        target = tmp_path / "hw-submissions" / f"hw-{name}" / "exercises" / SLUG / FILE
        target.parent.mkdir(parents=True)
        shutil.copy(samples / sample / SLUG / FILE, target)
    commit(tmp_path / "hw-submissions" / "hw-bruno", "2026-11-20T10:00:00Z")
    (tmp_path / "hw-submissions" / "hw-eve").symlink_to(tmp_path / "hw-submissions" / "hw-ana")
    (tmp_path / "roster.csv").write_bytes("\ufeffidentifier;github_username\n1;Ana\n2;bruno\n5;leo\n".encode())
    return tmp_path


def grades(out):
    text = (out / "grades.csv").read_text()
    return {row["github_username"]: row["points_awarded"] for row in csv.DictReader(io.StringIO(text))}


def test_a_class_is_graded_and_goes_on_where_it_was_left(classroom, run_grader):
    out = classroom / "out"  # in the class folder, and yet no submission
    arguments = ("batch", classroom, "--roster", classroom / "roster.csv", "--out", out, *FAST)
    done = run_grader(*arguments, "--seed", 11, "--deadline", "2026-11-01", "--lang", "es")
    assert done.returncode == 0, done.stderr
    assert grades(out) == {"Ana": "12", "bruno": "4", "leo": "0", "diego": "0", "eve": "0"}
    for line in ("Con retraso: bruno (2026-11-20T10:00:00Z)", "Sin entrega: leo", "No está en la lista: diego, eve",
                 "No se pudo leer nada: eve"):  # fmt: skip
        assert line in done.stdout
    bruno = out / "students" / "bruno"
    assert "The attention mask was not passed on" in (bruno / "feedback.md").read_text()
    assert "La máscara de atención" in (bruno / "feedback.es.md").read_text()
    first = {path: path.read_text() for path in out.rglob("report.json")}
    assert {json.loads(text)["seed"] for text in first.values()} == {11}

    again = run_grader(*arguments)
    assert again.returncode == 2
    assert "holds the results of a run; go on with --resume" in again.stderr
    for wrong in (("--seed", 12), ("--reveal", "none")):
        assert run_grader(*arguments, "--resume", *wrong).returncode == 2

    clones = classroom / "hw-submissions"
    shutil.copy(clones / "hw-ana" / "exercises" / SLUG / FILE, clones / "hw-bruno" / "exercises" / SLUG / FILE)
    resumed = run_grader(*arguments, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert grades(out)["bruno"] == "12"
    changed = [path.parent.name for path, text in first.items() if path.read_text() != text]
    assert changed == ["bruno"]
    assert resumed.stderr.count("grading ") == 1
    assert json.loads((out / "class.json").read_text())["seed"] == 11


def test_a_run_that_is_stopped_keeps_what_was_done(classroom, course):
    exercises = [course[SLUG]]
    plan = make_plan(find(classroom, exercises), [], None)
    results = Results(classroom / "out", plan, Settings(3, "gap", (SLUG,)), "en")

    def stop_at_the_second(name, _):
        if name != "ana":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_class(results, exercises, "gap", Limits(10, 5), progress=stop_at_the_second)
    state = json.loads((classroom / "out" / "class.json").read_text())
    assert [submission["score"] for submission in state["submissions"]] == [12, None, None, None]
    assert not state["complete"]
    assert (classroom / "out" / "students" / "ana" / "feedback.es.md").exists()


def invoke(monkeypatch, classroom, grade):
    """Run the command with something else in the place of the grading."""
    monkeypatch.setattr("grader.cli.batch.grade_class", grade)
    return CliRunner().invoke(app, ["batch", str(classroom), "--exercise", "04", "--out", str(classroom / "out")])


def test_a_run_that_is_stopped_says_how_to_go_on(classroom, monkeypatch, report):
    def stopped(results, *_):
        results.keep(results.plan.handins[0], "d", report("ana"))
        raise KeyboardInterrupt

    done = invoke(monkeypatch, classroom, stopped)
    assert done.exit_code == 130
    assert "grader: stopped after 1 of 4; go on with --resume" in done.stderr


def test_a_fault_of_the_grader_exits_with_3_after_the_rest_is_told(classroom, monkeypatch, report):
    def graded(results, *_):
        for handin in results.plan.handins:
            results.keep(handin, "d", report(handin.entry.username, fault=handin.entry.username == "bruno"))

    done = invoke(monkeypatch, classroom, graded)
    assert done.exit_code == 3
    assert "The grader failed; points left open: bruno" in done.stdout
    assert grades(classroom / "out") == {"ana": "2", "bruno": "", "diego": "2", "eve": "2"}


@pytest.mark.parametrize(("arguments", "line"), [
    (("--resume",), "holds no run to go on with"),
    (("--deadline", "soon"), "'soon' is no date"),
    (("--roster", "nowhere.csv"), "nowhere.csv cannot be read"),
    (("--exercise", "99"), "there is no exercise '99'"),
    (("--seed", "x"), "--seed"),
])  # fmt: skip
def test_wrong_usage_is_told_before_anything_is_graded(classroom, run_grader, arguments, line):
    done = run_grader("batch", classroom, "--out", classroom / "out", *arguments)
    assert done.returncode == 2
    assert line in done.stderr
    assert not (classroom / "out").exists()
