"""The tables of a class, and its folder of results, from reports made by hand."""

import csv
import io
import json

import pytest

from grader.classes import grades
from grader.classes.layouts import Entry, Found
from grader.classes.plan import make_plan, read_deadline
from grader.classes.results import Results, Settings, earlier, finished, key
from grader.classes.roster import Student
from grader.report import ReportError

SLUG = "04_softmax_predictions"
COLUMNS = (
    "assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,"
    "student_repository_url,submission_timestamp,points_awarded,points_available"
)
HOSTILE = "=cmd|'/c calc'!A0 ::error::x \x1b[31m @all"
SHOWN = HOSTILE.replace("\x1b", "\\u001b")


@pytest.fixture
def plan(tmp_path, commit):
    clone = tmp_path / "hw-ana"
    clone.mkdir()
    commit(clone, "2026-11-20T10:00:00Z", "https://token@git.example/org/hw-ana.git")
    entries = [Entry("ana", "hw-ana", clone), Entry("eva", "eva.py"), Entry("EVA", "EVA.py"), Entry(HOSTILE, HOSTILE)]
    students = [Student("leo", "3", "Leo"), Student("ana", "1"), Student("eva", "@2"), Student("", "4")]
    return make_plan(Found(tuple(entries), ("notes.txt",), "hw"), students, read_deadline("2026-11-01"))


@pytest.fixture
def reports(plan, report):
    scores = {"ana": report("ana", 1), "eva": report("eva", 2), "EVA_2": report("EVA", 0)}
    return scores | {plan.handins[3].folder: report(HOSTILE, 0, fault=True)}


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_grades_have_the_columns_of_github_classroom(plan, reports):
    assert grades.grades(plan, reports).splitlines()[0] == COLUMNS


def test_every_student_has_one_line_and_unknown_ones_follow(plan, reports):
    found = rows(grades.grades(plan, reports))
    assert [row["github_username"] for row in found][:4] == ["leo", "ana", "eva", ""]
    assert [row["roster_identifier"] for row in found] == ["3", "1", "'@2", "4", ""]
    assert [row["points_awarded"] for row in found] == ["0", "1", "2", "0", ""]
    assert {row["points_available"] for row in found} == {"2"}
    assert found[1]["student_repository_url"] == "https://git.example/org/hw-ana"
    assert found[1]["submission_timestamp"] == "2026-11-20T10:00:00Z"
    assert found[4]["github_username"].startswith("'=cmd")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row.values())


def test_names_that_look_alike_are_told_apart(report):
    names = ("ana", "ana\u200b", "ana ", "José Ñ", "Jose\u0301")
    found = make_plan(Found(tuple(Entry(name, f"{name}.py") for name in names), (), "hw"), [], None)
    reports = {handin.folder: report(handin.entry.username, 1) for handin in found.handins}
    shown = ["ana", "ana\\u200b", "ana\\u0020", "José Ñ", "Jose\u0301"]
    assert [row["github_username"] for row in rows(grades.grades(found, reports))] == shown
    page = grades.page(found, reports, 1, "en")
    assert all(f"| `{name}` |" in page for name in shown)


def test_a_student_without_an_account_gets_no_invented_one(report):
    plan = make_plan(Found((Entry("4", "4.py"),), (), "hw"), [Student("", "4")], None)
    (row,) = rows(grades.grades(plan, {"4": report("4")}))
    assert (row["github_username"], row["roster_identifier"], row["points_awarded"]) == ("", "4", "2")


def test_what_is_not_graded_yet_has_no_points(plan):
    found = rows(grades.grades(plan, {}))
    assert [row["points_awarded"] for row in found] == ["0", "", "", "0", ""]


def test_nobody_who_needs_a_second_look_is_left_out(plan, reports):
    assert grades.lists(plan, reports) == {
        "late": ["ana (2026-11-20T10:00:00Z)"], "missing": ["leo", "4"], "duplicate": ["EVA (EVA.py)"],
        "unknown": [SHOWN], "fault": [SHOWN], "timeless": ["eva", "EVA", SHOWN], "ignored": ["notes.txt"],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_the_class_has_everyone(plan, reports, language):
    page = grades.page(plan, reports, 7, language)
    assert "| `ana` | 1/2 | 2026-11-20T10:00:00Z |" in page
    for kind, names in grades.lists(plan, reports).items():
        assert grades.HEADINGS[language][kind] in page
        assert page.count("\n- ") >= len(names)
    assert "\x1b" not in page
    assert "¦'/c calc'" in page


def results(folder, plan, seed=7):
    return Results(folder, plan, Settings(seed, "gap", (SLUG,)), "en")


def test_each_submission_is_written_as_soon_as_it_is_done(tmp_path, plan, report):
    made = results(tmp_path / "out" / "deep", plan)
    made.keep(plan.handins[0], "d", report("ana", 1))
    out = tmp_path / "out" / "deep"
    assert sorted(path.name for path in (out / "students").iterdir()) == ["ana"]
    assert sorted(path.name for path in (out / "students" / "ana").iterdir()) == [
        "feedback.es.md", "feedback.md", "report.json"
    ]  # fmt: skip
    state = json.loads((out / "class.json").read_text())
    assert (state["seed"], state["complete"], state["submissions"][0]["score"]) == (7, False, 1)
    assert state["submissions"][1]["score"] is None
    assert rows((out / "grades.csv").read_text())[1]["points_awarded"] == "1"
    assert [path.name for path in out.rglob(".*")] == []


def test_a_run_that_goes_on_keeps_what_still_holds(tmp_path, plan, report):
    made = results(tmp_path, plan)
    for handin, one in zip(
        plan.handins, [report("ana"), report("eva", seed=8), report("EVA", fault=True)], strict=False
    ):
        made.keep(handin, "d", one)
    state = earlier(tmp_path)
    assert list(finished(tmp_path, state, {"grader": "1"})) == [key(plan.handins[0], "d")]
    assert finished(tmp_path, state, {"grader": "2"}) == {}
    (tmp_path / "students" / "ana" / "report.json").write_text("{")
    assert finished(tmp_path, state, {"grader": "1"}) == {}


def test_equal_work_of_two_students_is_not_one_report(tmp_path, plan, report):
    made = results(tmp_path, plan)
    made.keep(plan.handins[0], "same", report("ana"))
    kept = finished(tmp_path, earlier(tmp_path), {"grader": "1"})
    assert key(plan.handins[0], "same") in kept
    assert key(plan.handins[1], "same") not in kept


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": "grader/class/v1", "seed": "7"}', '{"schema": "other", "seed": 1}']
)
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, text):
    (tmp_path / "class.json").write_text(text)
    with pytest.raises(ReportError, match="choose another --out"):
        earlier(tmp_path)


def test_what_cannot_be_written_is_one_line(tmp_path, plan):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="cannot be written"):
        results(tmp_path / "file", plan).write()
