"""On a real CUDA device right answers earn every point and wrong ones lose, as on the CPU.

Each test runs on both; what is for the device is skipped, with the reason, where there is none.
"""

import pytest

from grader.batch import grade_submissions
from grader.judge.workers import Limits
from grader.submission import Handed, Submission

SMOKE = ("04_softmax_predictions", "12_greedy_decoding", "18_devices", "19_sentence_embeddings")
WRONG = {
    "04_softmax_predictions": ("logits.softmax(dim=-1)", "logits.softmax(dim=0)"),
    "12_greedy_decoding": ("[:, -1]", "[:, 0]"),
    "18_devices": ("    enc = move(enc, model)\n", ""),
    "19_sentence_embeddings": ("total = (hidden * weights).sum(dim=1)", "total = hidden.sum(dim=1)"),
}
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]


@pytest.fixture(scope="module", params=DEVICES)
def reports(request, course):
    exercises = [course[slug] for slug in SMOKE]

    def submission(name, change):
        files = {e.slug: Handed({e.file: change(e).encode()}) for e in exercises}
        return Submission(name, files)

    answers = [
        submission("right", lambda e: e.solution.read_text()),
        submission("wrong", lambda e: e.solution.read_text().replace(*WRONG[e.slug])),
    ]
    graded = grade_submissions(answers, exercises, seed=17, limits=Limits(import_s=30, call_s=30, device=request.param))
    return {report.submission: report for report in graded}


@pytest.mark.parametrize("place", range(len(SMOKE)), ids=SMOKE)
def test_a_right_answer_earns_every_point(reports, place):
    result = reports["right"].exercises[place]
    assert [(check.id, check.message) for check in result.checks if check.status != "passed"] == []
    assert result.score == result.max_score
    assert result.needs_gpu == 0 or reports["right"].device == "cpu"


@pytest.mark.parametrize("place", range(len(SMOKE)), ids=SMOKE)
def test_a_wrong_answer_loses(reports, place):
    result = reports["wrong"].exercises[place]
    assert result.status == "graded"
    assert result.score < result.max_score


def test_the_report_says_the_device_and_where_memory_is_not_bounded(reports):
    for report in reports.values():
        assert ("memory" in report.isolation_missing) == (report.device == "cuda")
