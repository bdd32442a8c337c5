"""Where a report tells a student to look: found in the text, whatever the text is."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.places import places
from grader.submission import Handed, read_submission

SLUG, FILE = "04_softmax_predictions", "softmax_predictions.py"
SOURCE = '''"""Doc."""


def probabilities(logits):
    # TODO 1: one
    return logits


async def predict(model):
    return 1  # TODO 2: not a line of its own


def predict(model):
    return 2
'''


def of(course, source, file=FILE):
    return places(course[SLUG], Handed({FILE: source.encode(errors="surrogatepass")}, file=file))


@pytest.mark.parametrize(("asked", "line"), [
    (("probabilities", None), 4), (("probabilities", 1), 5), (("predict", 2), 13), (("predict", None), 13), (("other", None), None),
    ((None, 1), 5), ((None, None), None), (("probabilities", 1, 6), 6), (("probabilities", 1, 0), 5),
    (("probabilities", 1, 999), 5), (("probabilities", 1, "6"), 5), (("probabilities", 1, None), 5),
])  # fmt: skip
def test_the_line_is_that_which_raised_or_of_the_todo_or_of_the_function(course, asked, line):
    assert of(course, SOURCE).of(*asked) == line


def test_a_notebook_has_no_lines(course):
    assert of(course, SOURCE, "softmax_predictions.ipynb").of("predict", 1, 3) is None
    assert of(course, SOURCE, None).of("predict", 1, 3) is None


@given(
    st.text(max_size=200)
    | st.sampled_from(["(" * 100_000, "-" * 1_000_000 + "1", "def " * 10_000, "# TODO 1:\r# TODO 1:\x0c"])
)
def test_no_source_is_too_hostile_to_be_searched(course, source):
    found = of(course, source).of("predict", 1)
    assert found is None or 0 < found <= source.count("\n") + 1


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "ana" / "exercises" / SLUG / FILE
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE)
    return path


@pytest.mark.parametrize("up", range(4))
@pytest.mark.parametrize("clone", [True, False])
def test_the_file_is_told_from_its_repository_wherever_grading_begins(course, module, up, clone):
    if clone:
        subprocess.run(["git", "init", "-q"], cwd=module.parents[2], check=True)
    path = [module, *module.parents][up]
    handed = read_submission(path, [course[SLUG]]).exercises[SLUG]
    assert handed.file == f"exercises/{SLUG}/{FILE}"


def test_a_repository_inside_another_has_its_own_paths(course, tmp_path, module):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "init", "-q"], cwd=module.parents[2], check=True)
    handed = read_submission(module.parents[2], [course[SLUG]]).exercises[SLUG]
    assert handed.file == f"exercises/{SLUG}/{FILE}"


def test_a_folder_of_loose_modules_is_read_whole_under_its_own_name(course, tmp_path):
    exercises = [course[SLUG], course["08_best_answer_span"]]
    folder = tmp_path / "class" / "ana"
    folder.mkdir(parents=True)
    for exercise in exercises:
        (folder / exercise.file).write_text(SOURCE)
    submission = read_submission(folder, exercises)
    assert submission.name == "ana"
    assert [submission.exercises[e.slug].status for e in exercises] == ["found", "found"]
