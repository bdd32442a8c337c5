"""The report as data and as text."""

import io
import json

import pytest
from rich.console import Console

from grader.catalogue import ROOT
from grader.reports import terminal

ANA, BRUNO = (ROOT / "grader" / "sample_class" / name for name in ("ana_all_right", "bruno_two_mistakes"))
KEYS = {
    "report": {"schema", "submission", "seed", "isolation", "isolation_missing", "score", "max_score", "duration_s",
               "versions", "exercises", "device", "reveal"},
    "exercise": {"slug", "title", "status", "score", "max_score", "checks", "message", "output", "needs_gpu", "file",
                  "line", "note"},
    "check": {"id", "title", "status", "score", "mistake", "message", "function", "todo", "waits_for", "duration_s",
               "line"},
}  # fmt: skip


def graded(course, path, level="gap", seed=20261123):
    from grader.batch import grade_submissions
    from grader.submission import read_submission

    exercises = [course["04_softmax_predictions"], course["08_best_answer_span"]]
    return grade_submissions([read_submission(path, exercises)], exercises, level, seed)[0]


@pytest.fixture(scope="module")
def bruno(course):
    return graded(course, BRUNO)


def test_the_json_report_has_the_keys_and_sums_of_the_format(bruno):
    report = json.loads(json.dumps(bruno.as_dict()))
    assert set(report) == KEYS["report"]
    assert report["schema"] == "grader/report/v1"
    assert report["submission"] == "bruno_two_mistakes"
    assert set(report["versions"]) == {"grader", "python", "torch", "transformers"}
    for exercise in report["exercises"]:
        assert set(exercise) == KEYS["exercise"]
        assert exercise["score"] == sum(check["score"] for check in exercise["checks"])
        assert exercise["max_score"] == len(exercise["checks"])
        for check in exercise["checks"]:
            assert set(check) == KEYS["check"]
            assert check["score"] == int(check["status"] == "passed")
            assert set(check["title"]) == {"en", "es"}
    assert report["score"] == sum(exercise["score"] for exercise in report["exercises"])


def test_both_honest_mistakes_are_named(bruno):
    named = [{check.mistake for check in exercise.checks if check.mistake} for exercise in bruno.exercises]
    assert named == [{"drops_the_attention_mask"}, {"takes_two_separate_argmaxes_of_the_context"}]


def test_one_seed_gives_one_grade(course, bruno):
    again = graded(course, BRUNO)
    same = [[(check.id, check.status, check.mistake, check.message) for check in e.checks] for e in again.exercises]
    assert same == [
        [(check.id, check.status, check.mistake, check.message) for check in e.checks] for e in bruno.exercises
    ]


def messages(report):
    return " ".join(check.message["en"] for e in report.exercises for check in e.checks if check.message)


def test_each_level_discloses_more(course, bruno):
    nothing, category, everything = (graded(course, BRUNO, level) for level in ("none", "category", "full"))
    assert messages(nothing) == ""
    assert not any(check.mistake for e in nothing.exercises for check in e.checks)
    assert "attention mask" in messages(category)
    assert "got:" not in messages(category)
    assert "got:" in messages(bruno)
    assert "expected: '" not in messages(bruno)
    assert "expected:" in messages(everything)
    assert everything.exercises[0].output is not None
    assert bruno.exercises[0].output is None


@pytest.mark.parametrize(("language", "advice", "waiting"), [
    ("en", "The attention mask was not passed on, so padding counts as text", "waiting for “"),
    ("es", "La máscara de atención no llegó al modelo", "a la espera de «"),
])  # fmt: skip
def test_the_terminal_tells_each_mistake_once(bruno, language, advice, waiting):
    console = Console(width=300, record=True, file=io.StringIO())
    console.print(terminal.feedback(bruno, language))
    text = console.export_text()
    assert text.count(advice) == 1
    assert waiting in text
    assert len(text.splitlines()) < 25


def test_a_class_is_one_table(course, bruno):
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(terminal.class_table([bruno, graded(course, ANA)], "en"))
    text = console.export_text()
    assert "24/24" in text
    assert text.count("bruno_two_mistakes") == 1
