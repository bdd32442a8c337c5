"""A class folder in every layout that platforms make, and what is wrong in one costs only itself."""

import json
from pathlib import Path

import pytest

from grader.classes import layouts
from grader.submission import SubmissionError

SLUG, FILE = "04_softmax_predictions", "softmax_predictions.py"


def usernames(found):
    return [entry.username for entry in found.entries]


@pytest.mark.parametrize("above", [True, False])
def test_clones_of_gh_classroom_are_named_after_the_assignment(tmp_path, exercises, put, above):
    for name in ("hw-1-ana", "hw-1-eva-maria", "other"):
        put(tmp_path / "hw-1-submissions" / name / "exercises" / SLUG / FILE)
    found = layouts.find(tmp_path if above else tmp_path / "hw-1-submissions", exercises)
    assert usernames(found) == ["ana", "eva-maria", "other"]
    assert found.assignment == "hw-1"


def test_a_plain_folder_per_student_has_the_students_name(tmp_path, exercises, put):
    put(tmp_path / "class" / "ana" / SLUG / FILE)
    put(tmp_path / "class" / "Eva García" / FILE)
    found = layouts.find(tmp_path / "class", exercises)
    assert usernames(found) == ["ana", "Eva García"]
    assert found.assignment == "class"


def test_a_roster_tells_where_the_username_begins(tmp_path, exercises, put):
    for name in ("nlp-hw1-ana", "nlp-hw1-ana-maria", "nlp-hw1-zoe"):
        put(tmp_path / name / "exercises" / SLUG / FILE)
    assert usernames(layouts.find(tmp_path, exercises, usernames=["Ana", "maria", "Ana-Maria"])) == [
        "Ana", "Ana-Maria", "zoe"
    ]  # fmt: skip
    assert usernames(layouts.find(tmp_path, exercises, "NLP-hw1")) == ["ana", "ana-maria", "zoe"]


@pytest.mark.parametrize(("folders", "roster", "expected"), [
    (["ana-smith"], ["smith", "bob"], ["ana-smith"]),
    (["ana-smith", "bob"], ["smith", "bob"], ["ana-smith", "bob"]),
    (["ana-smith", "ana-jones"], ["smith", "bob"], ["ana-jones", "ana-smith"]),
    (["hw1-zoe-smith", "hw1-bob", "hw1-leo"], ["smith", "bob", "Leo"], ["bob", "Leo", "zoe-smith"]),
    (["hw1-bob", "hw1-leo", "zoe-smith"], ["smith", "bob", "leo"], ["hw1-bob", "hw1-leo", "zoe-smith"]),
])  # fmt: skip
def test_nobody_gets_the_work_of_another_whose_name_ends_like_theirs(
    tmp_path, exercises, put, folders, roster, expected
):
    for name in folders:
        put(tmp_path / "plain" / name / FILE)
    assert usernames(layouts.find(tmp_path / "plain", exercises, usernames=roster)) == expected


@pytest.mark.parametrize("roster", [[], ["smith", "ana"]])
@pytest.mark.parametrize("place", [".", ".."])
def test_the_folder_of_clones_is_known_from_within(tmp_path, exercises, put, monkeypatch, roster, place):
    for name in ("hw1-ana", "hw1-zoe-smith", "other-smith"):
        put(tmp_path / "hw1-submissions" / name / FILE)
    monkeypatch.chdir(tmp_path / "hw1-submissions")
    found = layouts.find(Path(place), exercises, usernames=roster)
    assert usernames(found) == ["ana", "other-smith", "zoe-smith"]
    assert found.assignment == "hw1"


def test_what_lies_beside_the_clones_is_listed_and_no_student(tmp_path, exercises, put):
    put(tmp_path / "hw1-submissions" / "hw1-ana" / FILE)
    put(tmp_path / "notes" / "a.md")
    put(tmp_path / "reports" / "class" / "class.json")
    found = layouts.find(tmp_path, exercises, results=tmp_path / "reports" / "class")
    assert usernames(found) == ["ana"]
    assert set(found.ignored) == {"notes", "reports"}


def test_no_folder_above_the_results_is_a_student(tmp_path, exercises, put):
    put(tmp_path / "ana" / FILE)
    put(tmp_path / "reports" / "class" / "class.json")
    found = layouts.find(tmp_path, exercises, results=tmp_path / "reports" / "class")
    assert (usernames(found), found.ignored) == (["ana"], ("reports",))


def test_a_hidden_folder_is_listed_as_ignored(tmp_path, exercises, put):
    for name in ("ana", ".hidden", "__MACOSX", ".git", ".github"):
        put(tmp_path / "class" / name / FILE)
    found = layouts.find(tmp_path / "class", exercises)
    assert usernames(found) == ["ana"]
    assert set(found.ignored) == {".hidden", "__MACOSX"}


def test_downloaded_files_are_put_together_by_student(tmp_path, exercises, put):
    for name in ("ana_softmax_predictions.py", "ana_best_answer_span.py", "leo_m_softmax_predictions.py", "notes.py",
                 "softmax_predictions.py", "grades.csv", ".DS_Store"):  # fmt: skip
        put(tmp_path / name)
    found = layouts.find(tmp_path, exercises)
    assert [(e.username, [slug for slug, _ in e.files]) for e in found.entries] == [
        ("ana", ["08_best_answer_span", SLUG]), ("leo_m", [SLUG]),
    ]  # fmt: skip
    assert set(found.ignored) == {"notes.py", "softmax_predictions.py", "grades.csv"}


def test_with_one_exercise_a_file_may_have_the_students_name_alone(tmp_path, exercises, put):
    for name in ("ana.py", "eva_softmax_predictions.py", "softmax_predictions.py"):
        put(tmp_path / name)
    found = layouts.find(tmp_path, exercises[:1])
    assert usernames(found) == ["ana", "eva"]
    assert found.ignored == ("softmax_predictions.py",)


def test_of_a_module_and_a_notebook_of_one_student_the_one_that_counts_is_read(tmp_path, exercises, put):
    softmax, _ = exercises
    solved = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 2"}]})
    for student, module in (("ana", softmax.stub.read_text()), ("eva", "x = 1\n")):
        put(tmp_path / f"{student}_softmax_predictions.ipynb", solved)
        put(tmp_path / f"{student}_softmax_predictions.py", module)
    found = layouts.find(tmp_path, exercises)
    assert [[path.suffix for _, path in entry.files] for entry in found.entries] == [[".py", ".ipynb"]] * 2
    assert found.ignored == ()
    handed = read(tmp_path, exercises)
    assert [cell.source for cell in handed["ana"][SLUG].cells] == ["x = 2"]
    assert handed["ana"][SLUG].note["en"] == (
        "ana_softmax_predictions.ipynb counts: no step is written in ana_softmax_predictions.py."
    )
    assert list(handed["eva"][SLUG].files) == [FILE]
    assert "ana" not in handed["eva"][SLUG].note["en"]


def test_a_second_file_of_one_kind_is_listed(tmp_path, exercises, put):
    put(tmp_path / "ana.py")
    put(tmp_path / f"ana_{FILE}")
    assert layouts.find(tmp_path, exercises[:1]).ignored == (f"ana_{FILE}",)


@pytest.mark.parametrize(("make", "line"), [
    (lambda p, _: p / "nowhere", "is not a folder"),
    (lambda p, put: put(p / "a.py"), "is not a folder"),
    (lambda p, _: p, "holds no submission; expected a folder per student, or files such as ana_softmax_predictions.py"),
    (lambda p, put: put(p / "exercises" / SLUG / FILE).parents[2], "is one submission (it holds exercises/)"),
    (lambda p, put: put(p / SLUG / FILE).parents[1], f"is one submission (it holds {SLUG}/)"),
])  # fmt: skip
def test_a_folder_that_is_no_class_is_one_line(tmp_path, exercises, put, make, line):
    with pytest.raises(SubmissionError) as caught:
        layouts.find(make(tmp_path, put), exercises)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_several_assignments_are_not_mixed(tmp_path, exercises, put):
    put(tmp_path / "a-submissions" / "a-ana" / FILE)
    put(tmp_path / "b-submissions" / "b-ana" / FILE)
    with pytest.raises(SubmissionError, match="give one of them: a-submissions, b-submissions"):
        layouts.find(tmp_path, exercises)


def read(folder, exercises):
    found = layouts.find(folder, exercises)
    return {entry.username: layouts.read(entry, exercises).exercises for entry in found.entries}


def test_every_exercise_is_there_for_everyone(tmp_path, exercises, put):
    put(tmp_path / "class" / "ana" / "exercises" / SLUG / FILE)
    put(tmp_path / "class" / "both" / FILE)
    put(tmp_path / "class" / "both" / "best_answer_span.py")
    put(tmp_path / "class" / "empty" / "README.md")
    put(tmp_path / "class" / "zoe_softmax_predictions.py")
    states = {
        name: [handed[e.slug].status for e in exercises] for name, handed in read(tmp_path / "class", exercises).items()
    }
    assert states == {
        "ana": ["found", "missing"], "both": ["found", "found"], "empty": ["missing", "missing"], "zoe": ["found", "missing"],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Softmax_Predictions.py", "softmax-predictions.py", "softmax_predictions.py.txt"])
def test_a_file_with_another_name_is_named_and_told_the_right_one(tmp_path, exercises, put, name):
    put(tmp_path / "class" / "ana" / "exercises" / SLUG / name)
    handed = read(tmp_path / "class", exercises)["ana"][SLUG]
    assert (handed.status, handed.file) == ("missing", f"exercises/{SLUG}/{name}")
    assert handed.problem["en"].endswith(f"Rename “{name}” if that is it.")


def test_a_downloaded_file_comes_without_the_work_of_others(tmp_path, exercises, put):
    put(tmp_path / "ana_softmax_predictions.py", "import eva_softmax_predictions\n")
    put(tmp_path / "eva_softmax_predictions.py")
    assert list(read(tmp_path, exercises)["ana"][SLUG].files) == [FILE]


@pytest.mark.parametrize("link", ["folder", "exercises", "exercise", "file", "download"])
def test_links_to_the_work_of_others_are_refused(tmp_path, exercises, put, link):
    module = put(tmp_path / "class" / "ana" / "exercises" / SLUG / FILE)
    eva = tmp_path / "class" / "eva"
    place, target = {
        "folder": (eva, module.parents[2]),
        "exercises": (eva / "exercises", module.parents[1]),
        "exercise": (eva / "exercises" / SLUG, module.parent),
        "file": (eva / "exercises" / SLUG / FILE, module),
        "download": (tmp_path / "class" / f"eva_{FILE}", module),
    }[link]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    handed = read(tmp_path / "class", exercises)
    assert handed["ana"][SLUG].status == "found"
    assert handed["eva"][SLUG].status == "unreadable"
    assert handed["eva"][SLUG].files == {}
    assert "is a link" in handed["eva"][SLUG].problem["en"]


def test_a_folder_that_cannot_be_read_costs_only_itself(tmp_path, exercises, put, monkeypatch):
    for name in ("ana", "eva"):
        put(tmp_path / "class" / name / FILE)

    def denied(path, exercises):
        if path.name == "ana":
            raise PermissionError(13, "Permission denied")
        return real(path, exercises)

    real = layouts.read_submission
    monkeypatch.setattr(layouts, "read_submission", denied)
    handed = read(tmp_path / "class", exercises)
    assert handed["eva"][SLUG].status == "found"
    assert handed["ana"][SLUG].problem == {
        "en": "ana cannot be read: Permission denied.", "es": "ana no se puede leer: Permission denied.",
    }  # fmt: skip


def test_links_that_lead_nowhere_or_to_themselves_cost_only_themselves(tmp_path, exercises, put):
    put(tmp_path / "class" / "ana" / FILE)
    for name in ("eva", f"leo_{FILE}"):
        (tmp_path / "class" / name).symlink_to(tmp_path / "class" / name)
    (tmp_path / "class" / "zoe").mkdir()
    (tmp_path / "class" / "zoe" / FILE).symlink_to(FILE)
    found = layouts.find(tmp_path / "class", exercises)
    assert found.ignored == ("eva",)
    handed = read(tmp_path / "class", exercises)
    assert {name: files[SLUG].status for name, files in handed.items()} == {
        "ana": "found",
        "leo": "unreadable",
        "zoe": "missing",
    }


def test_a_fingerprint_changes_with_what_is_graded_only(tmp_path, exercises, put):
    module = put(tmp_path / "class" / "ana" / SLUG / FILE)
    (entry,) = layouts.find(tmp_path / "class", exercises).entries

    def fingerprint():
        return layouts.digest(layouts.read(entry, exercises))

    before = fingerprint()
    put(module.parent / "notes.md")
    assert fingerprint() == before
    module.write_text("x = 2\n")
    assert fingerprint() != before
