"""`grader solve`, `reset` and `undo`: another file in the place of a student's, and nothing ever lost."""

import os
import shutil

import pytest

from grader import swap
from grader.authoring.notebooks import notebook_of
from grader.authoring.release import deliver, student_repository
from grader.catalogue import ROOT, load_course
from grader.cli import swap as commands

CODE = "04_softmax_predictions"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one exercise, in which the commands work."""
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name / CODE, tmp_path / name / CODE)
    monkeypatch.setattr(commands, "load_course", lambda: load_course(tmp_path))
    return load_course(tmp_path)[CODE]


def kept(exercise):
    """Return every content that is anywhere: in the exercise's folder, or saved."""
    saved = (exercise.root / ".grader").rglob("*.*") if (exercise.root / ".grader").exists() else []
    return {path.read_text() for path in [*exercise.stub.parent.iterdir(), *saved] if path.is_file()}


def test_the_solution_takes_the_place_of_the_students_file_and_back(course, capsys):
    course.stub.write_text("mine = 1\n")
    commands.solve(["04"])
    assert course.stub.read_text() == course.solution.read_text()
    assert "mine = 1\n" in kept(course)
    told = capsys.readouterr().out
    assert told.startswith(
        f"exercises/{CODE}/softmax_predictions.py is the solution now; what was there is in .grader/saved/"
    )
    assert told.endswith("(back: grader undo 04)\n")
    commands.undo(["04"])
    assert course.stub.read_text() == "mine = 1\n"


@pytest.mark.parametrize(("command", "line"), [
    (commands.solve, f"{CODE}: the solution is there already\n"), (commands.reset, f"{CODE}: the stub is there already\n"),
])  # fmt: skip
def test_twice_is_once(course, capsys, command, line):
    course.stub.write_text("mine = 1\n")
    command(["4"])
    saves = len(list((course.root / ".grader" / "saved" / CODE).iterdir()))
    capsys.readouterr()
    command(["softmax_predictions"])
    assert capsys.readouterr().out == line
    assert len(list((course.root / ".grader" / "saved" / CODE).iterdir())) == saves
    commands.undo(["4"])
    assert course.stub.read_text() == "mine = 1\n"


def test_reset_puts_back_module_and_notebook_and_saves_both(course):
    notebook = course.stub.parent / course.notebook
    course.stub.write_text("mine = 1\n")
    notebook.write_text("mine too")
    commands.reset(["04"])
    assert course.stub.read_bytes() == (ROOT / "exercises" / CODE / course.file).read_bytes()
    assert notebook.read_text() == notebook_of(course)
    commands.undo(["04"])
    assert (course.stub.read_text(), notebook.read_text()) == ("mine = 1\n", "mine too")


def test_each_undo_goes_one_step_back_until_there_is_none(course):
    course.stub.write_text("mine = 1\n")
    commands.reset(["04"])
    course.stub.write_text("mine = 2\n")
    commands.solve(["04"])
    course.stub.write_text("mine = 3\n")
    seen = []
    for _ in range(2):
        commands.undo(["04"])
        seen.append(course.stub.read_text())
    assert seen == ["mine = 2\n", "mine = 1\n"]
    with pytest.raises(swap.SwapError, match="there is nothing to undo in 04_softmax_predictions; saved files lie in"):
        commands.undo(["04"])
    assert {"mine = 1\n", "mine = 2\n", "mine = 3\n"} <= kept(course)


def test_what_was_written_after_a_swap_is_kept_when_it_is_undone(course, capsys):
    commands.solve(["04"])
    course.stub.write_text("written over the solution\n")
    commands.undo(["04"], lang="es")
    assert "written over the solution\n" in kept(course)
    assert "vuelve a estar; lo que había en su lugar está en .grader/saved/" in capsys.readouterr().out


def test_a_file_that_was_not_there_is_not_there_again(course):
    course.stub.unlink()
    commands.solve(["04"])
    assert course.stub.exists()
    commands.undo(["04"])
    assert not course.stub.exists()


def test_a_save_that_broke_off_counts_for_nothing_and_the_file_stays(course, monkeypatch):
    course.stub.write_text("mine = 1\n")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(swap.SwapError, match="No space"):
        commands.solve(["04"])
    monkeypatch.undo()
    assert course.stub.read_text() == "mine = 1\n"
    assert [path.name for path in course.stub.parent.iterdir() if path.name.startswith(".")] == []
    with pytest.raises(swap.SwapError, match="nothing to undo"):
        swap.undo(course)


@pytest.mark.parametrize(
    "text", ['{"why": "res', "[]", '{"undoable": true}', '{"undoable": true, "names": ["../a"], "files": []}']
)
def test_a_damaged_record_keeps_no_other_from_being_undone(course, capsys, text):
    course.stub.write_text("mine = 1\n")
    commands.reset(["04"])
    course.stub.write_text("mine = 2\n")
    commands.solve(["04"])
    (course.root / ".grader" / "saved" / CODE / "20000101-000000-000").mkdir()
    (course.root / ".grader" / "saved" / CODE / "20000101-000000-000" / "saved.json").write_text(text)
    (*_, last) = sorted((course.root / ".grader" / "saved" / CODE).glob("*/saved.json"))
    last.write_text(text)
    capsys.readouterr()
    commands.undo(["04"])
    assert course.stub.read_text() == "mine = 1\n"
    place = last.relative_to(course.root)
    assert capsys.readouterr().out.startswith(
        f"{place} is damaged, so an earlier save was put back; what that one saved"
    )
    before = kept(course)
    with pytest.raises(
        swap.SwapError, match=r"saved.json is damaged, so that it cannot be undone; its files are beside it"
    ):
        commands.undo(["04"])
    assert kept(course) == before >= {"mine = 1\n", "mine = 2\n"}


def test_a_file_in_the_place_of_the_saves_is_one_line_and_the_answer_stays(course):
    course.stub.write_text("mine = 1\n")
    (course.root / ".grader").write_text("a file\n")
    with pytest.raises(swap.SwapError, match=r"\.grader/saved/.* cannot be written \(Not a directory\); mend that and"):
        commands.reset(["04"])
    assert course.stub.read_text() == "mine = 1\n"
    assert (course.root / ".grader").read_text() == "a file\n"


def test_a_saved_file_that_is_gone_is_one_line(course):
    commands.solve(["04"])
    (saved,) = (course.root / ".grader" / "saved" / CODE).glob("*/softmax_predictions.py")
    saved.unlink()
    with pytest.raises(swap.SwapError, match="is gone, so that it cannot be put back; nothing was changed"):
        commands.undo(["04"])
    assert course.stub.read_text() == course.solution.read_text()


def test_a_folder_in_the_way_is_refused(course):
    course.stub.unlink()
    course.stub.mkdir()
    with pytest.raises(swap.SwapError, match="is a folder; move it away first"):
        commands.solve(["04"])


def test_a_released_course_resets_from_its_kept_copies(course, tmp_path, monkeypatch):
    released = tmp_path / "released"
    deliver(student_repository([course], "plain", "en"), released)
    exercise = load_course(released)[CODE]
    monkeypatch.setattr(commands, "load_course", lambda: load_course(released))
    exercise.stub.write_text("mine = 1\n")
    commands.reset(["04"])
    assert exercise.stub.read_bytes() == (ROOT / "exercises" / CODE / course.file).read_bytes()
    commands.undo(["04"])
    assert exercise.stub.read_text() == "mine = 1\n"
