"""Which files of what was handed in are graded, and which exercises are listed."""

import json
import shutil

import pytest

from grader.submission import read_submission

SLUG, FILE = "04_softmax_predictions", "softmax_predictions.py"
OTHER, OTHER_FILE = "08_best_answer_span", "best_answer_span.py"


@pytest.fixture
def exercises(course):
    return [course[SLUG], course[OTHER]]


@pytest.fixture
def put(tmp_path):
    """Write files below `tmp_path/ana`, each with its own place as its text, and return that folder."""

    def put(*places):
        for place in places:
            path = tmp_path / "ana" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {place}\n")
        return tmp_path / "ana"

    return put


@pytest.mark.parametrize("above", ["exercises/", ""])
def test_a_stray_file_at_the_root_costs_nothing_and_is_named(exercises, put, above):
    root = put(f"{above}{SLUG}/{FILE}", f"{above}{OTHER}/{OTHER_FILE}", FILE)
    submission = read_submission(root, exercises)
    assert submission.name == "ana"
    assert submission.exercises[SLUG].files[FILE].decode() == f"# {above}{SLUG}/{FILE}\n"
    assert submission.exercises[SLUG].note == {
        "en": f"Not graded, as the files in {above}{SLUG}/ count: {FILE}.",
        "es": f"Sin corregir, porque cuentan los archivos de {above}{SLUG}/: {FILE}.",
    }
    assert submission.exercises[OTHER].status == "found"
    assert submission.exercises[OTHER].note is None


@pytest.mark.parametrize(("places", "counts", "note"), [
    ((f"exercises/{SLUG}/{FILE}", f"{SLUG}/{FILE}"), f"exercises/{SLUG}/{FILE}", f"count: {SLUG}/{FILE}."),
    ((f"exercises/{SLUG}/README.md", f"{SLUG}/{FILE}"), f"{SLUG}/{FILE}", None),
    ((f"exercises/{SLUG}/README.md", FILE), FILE, None),
    ((f"exercises/{OTHER}/{OTHER_FILE}", FILE), FILE, None),
    ((f"exercises/{SLUG}/{FILE}", "softmax_predictions.ipynb"), f"exercises/{SLUG}/{FILE}", "count: softmax_predictions.ipynb."),
])  # fmt: skip
def test_each_exercise_is_read_where_its_file_is(exercises, put, places, counts, note):
    handed = read_submission(put(*places), exercises).exercises
    assert list(handed) == [SLUG, OTHER]
    assert handed[SLUG].files[FILE].decode() == f"# {counts}\n"
    assert (handed[SLUG].note or {"en": ""})["en"].endswith(note or "")
    assert (handed[SLUG].note is None) == (note is None)


def test_the_folder_of_one_exercise_is_that_exercise_alone(exercises, put):
    root = put(f"{SLUG}/{FILE}", f"{SLUG}/{OTHER_FILE}")
    assert list(read_submission(root / SLUG, exercises).exercises) == [SLUG]


def test_a_repository_called_like_an_exercise_is_a_repository(exercises, put, tmp_path):
    root = put(f"exercises/{SLUG}/{FILE}", f"exercises/{OTHER}/{OTHER_FILE}").rename(tmp_path / SLUG)
    submission = read_submission(root, exercises)
    assert submission.name == SLUG
    assert [handed.status for handed in submission.exercises.values()] == ["found", "found"]


@pytest.mark.parametrize("place", [".", FILE, SLUG])
def test_an_exercise_that_was_asked_for_is_listed(exercises, put, place):
    root = put(f"{SLUG}/{FILE}" if place == SLUG else FILE)
    assert list(read_submission(root / place, exercises).exercises) == [SLUG]
    handed = read_submission(root / place, exercises, every=True).exercises
    assert [(slug, one.status) for slug, one in handed.items()] == [(SLUG, "found"), (OTHER, "missing")]


def test_a_notebook_that_is_too_large_is_told_what_to_do(exercises, put):
    place = f"{SLUG}/softmax_predictions.ipynb"
    root = put(place)
    with (root / place).open("r+b") as file:
        file.truncate(40 * 2**20)
    handed = read_submission(root, exercises).exercises[SLUG]
    assert handed.status == "unreadable"
    assert handed.problem == {
        "en": "softmax_predictions.ipynb has 40 MiB; the limit is 32 MiB: clear its outputs and save it.",
        "es": "softmax_predictions.ipynb tiene 40 MiB; el límite es 32 MiB: borra sus salidas y guárdalo.",
    }


def test_what_was_asked_for_and_is_missing_is_part_of_the_grade(run_grader, course, put):
    root = put("notes.txt")
    shutil.copy(course[SLUG].solution, root / FILE)
    arguments = ("grade", root, "--exercise", "04", "--exercise", "08", "--fail-under", 90, "--format", "json")
    done = run_grader(*arguments)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert [(e["slug"], e["status"], e["score"]) for e in report["exercises"]] == [
        (SLUG, "graded", 12), (OTHER, "missing", 0),
    ]  # fmt: skip
    assert report["max_score"] > 12
