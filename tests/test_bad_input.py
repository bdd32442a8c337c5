"""Every path that cannot be graded is one clear line and the exit code that is specified; nothing else is lost."""

import json

import pytest

CODE = "04_softmax_predictions"
FILE = "softmax_predictions.py"


@pytest.fixture
def folder(tmp_path):
    """A repository with one readable exercise."""
    place = tmp_path / "ana" / "exercises" / CODE
    place.mkdir(parents=True)
    return place


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda p: p / "nowhere", "does not exist; give a folder with exercises, or one .py or .ipynb file"),
        (lambda p: p, "is empty; expected folders such as "),
        (lambda p: _written(p / "other" / "notes.txt").parent, "holds no exercise; expected folders such as"),
        (lambda p: _written(p / "other.py"), "is the file of no exercise; name it"),
        (lambda p: _written(p / "Ana.ZIP"), "is an archive; unpack it first, then give the folder that was in it"),
        (lambda p: _written(p / "ana.tar.gz"), "is an archive; unpack it first"),
        (lambda p: _written(p / "other.ipynb"), "is the file of no exercise; name it auto_classes.ipynb"),
    ],
)
def test_a_path_without_an_exercise_is_wrong_usage(run_grader, tmp_path, make, line):
    done = run_grader("grade", make(tmp_path))
    assert done.returncode == 2
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def _written(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("grade",), ("grade", ".", "--seed", "-1"), ("grade", ".", "--seed", "x"), ("grade", ".", "--reveal", "all"),
        ("grade", ".", "--lang", "fr"), ("grade", ".", "--exercise", "99"), ("grade", ".", "--fail-under", "101"),
        ("grade", ".", "--format", "pdf"), ("grade", "solutions", "--output", "no/such/folder/x.json"), ("verify", "nothing"),
        ("sync", "nothing"), ("new", "Nothing"), ("new", "04_another"), ("no-such-command",),
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_2_and_says_what_to_do(run_grader, arguments):
    done = run_grader(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_one_unreadable_file_leaves_the_other_exercises_graded(run_grader, course, tmp_path):
    others = [exercise for exercise in course.values() if exercise.slug != CODE]
    root = tmp_path / "ana"
    bad = root / CODE / FILE
    bad.parent.mkdir(parents=True)
    bad.write_bytes(b"# a\n# caf\xe9\n")
    right = others[0]
    (root / right.slug).mkdir()
    (root / right.slug / right.file).write_text(right.solution.read_text())
    report_file = tmp_path / "report.json"
    done = run_grader("grade", root, "--format", "json", "--output", report_file, "--seed", 5)
    assert done.returncode == 0, done.stderr
    report = json.loads(report_file.read_text())
    by_slug = {exercise["slug"]: exercise for exercise in report["exercises"]}
    assert by_slug[CODE]["status"] == "unreadable"
    assert by_slug[CODE]["message"]["en"] == f"{FILE}, line 2: the file is not UTF-8; save it with that encoding."
    assert by_slug[right.slug]["score"] == by_slug[right.slug]["max_score"]
    assert all(by_slug[exercise.slug]["status"] == "missing" for exercise in others[1:])
    assert report["score"] == by_slug[right.slug]["score"]
    assert report["max_score"] == sum(exercise["max_score"] for exercise in report["exercises"])


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (lambda p: p.write_bytes(b"x = 1\n" * 400_000), "has 2 MiB; the limit is 1 MiB."),
        (lambda p: p.symlink_to("/etc/hostname"), "is a link; hand in the file itself."),
        (lambda p: p.mkdir(), "is not a file."),
        (
            lambda p: p.write_bytes(b"x = 1\0\n"),
            "the file holds null bytes, so it is not a text file. Save it as UTF-8.",
        ),
        (lambda p: p.write_text("(" * 5000), "SyntaxError: too many nested parentheses"),
        (
            lambda p: p.write_text("Dear teacher,\nI did it.\n"),
            "line 1: Python cannot read this (SyntaxError: invalid syntax).",
        ),
    ],
)
def test_a_file_that_is_no_module_is_one_line(run_grader, folder, write, text):
    write(folder / FILE)
    done = run_grader("grade", folder, "--format", "json")
    assert done.returncode == 0, done.stderr
    (exercise,) = json.loads(done.stdout)["exercises"]
    assert exercise["status"] == "unreadable"
    assert text in exercise["message"]["en"]
    assert "\n" not in exercise["message"]["en"]
    assert exercise["score"] == 0


def test_exit_codes_follow_the_score(run_grader, course, folder):
    (folder / FILE).write_text(course[CODE].stub.read_text())
    assert run_grader("grade", folder).returncode == 0
    assert run_grader("grade", folder, "--fail-under", "1").returncode == 1


def test_a_cache_that_cannot_be_built_is_the_graders_fault(run_grader, course, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = run_grader("grade", course[CODE].solution, env={"GRADER_CACHE": str(blocked / "cache")})
    assert done.returncode == 3
    assert done.stderr.startswith("grader: the grader failed, not the answer:")
    assert len(done.stderr.splitlines()) == 1
