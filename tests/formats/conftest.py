"""Reports made by hand, so that formats are tested without grading anything."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.report import CheckResult, ExerciseResult, Report
from grader.reports.format import Context

SCHEMAS = Path(__file__).parent / "schemas"
ATTACK = (
    "::error file=a::b\r\n::add-mask::x ##[error]y \x1b[31m\x1b]0;t\x07 \u202egnp.\u2066 <img src=x onerror=a()>"
    " ![i](http://e.vil/i.png) [l](javascript:a) @ana www.evil.example | `x` ``` =cmd|'/c'!A0 \ud800 \ufffe \x00%0A"
)


def texts(text):
    return {"en": text, "es": text}


def check(number, status="passed", **more):
    return CheckResult(
        f"test_number_{number}", {"en": f"Number {number} is right.", "es": f"El número {number} es correcto."},
        status, int(status == "passed"), duration_s=0.01, **more,
    )  # fmt: skip


def exercise(slug, checks, status="graded", message=None, **more):
    title = {"en": f"Title of {slug[:2]}", "es": f"Título de {slug[:2]}"}
    file = f"exercises/{slug}/{slug[3:]}.py"
    score = sum(c.score for c in checks)
    return ExerciseResult(slug, title, status, score, len(checks), tuple(checks), message, **({"file": file} | more))


def report(*exercises, name="ana", **more):
    return Report(
        name, 7, "process", ("network",), sum(e.score for e in exercises), sum(e.max_score for e in exercises), 1.25,
        {"grader": "0.1.0", "python": "3.11.7", "torch": "2.13.0", "transformers": "5.23.0"}, exercises, **more,
    )  # fmt: skip


def named(mistake, todo, line):
    advice = {"en": "The mask was left out: pass it on.", "es": "Falta la máscara: pásala."}
    fact = {"en": "The numbers are wrong. got: [0.1, -0.2]", "es": "Los números no son correctos. recibido: 0.1"}
    message = {language: f"{advice[language]}\n{fact[language]}" for language in advice}
    return {"mistake": mistake, "message": message, "function": "predict", "todo": todo, "line": line}


def partial_exercise(slug="04_softmax_predictions"):
    return exercise(slug, [
        check(1),
        check(2, "failed", **named("drops_the_mask", 2, 12)),
        check(3, "waiting", waits_for="test_number_2"),
        check(4, "failed", **named("drops_the_mask", 2, 12)),
        check(5, "not_started", function="predict", todo=3, line=20),
        check(6, "timeout", message=texts("It did not return within 1 s and was stopped."), function="other", line=9),
    ])  # fmt: skip


def unstarted(slug):
    checks = [check(n, "not_started", function="first", todo=1, line=5) for n in range(1, 5)]
    return exercise(slug, checks, "not_started")


def unrun(slug, status="unreadable", check_status="crashed", line=3):
    message = texts("module.py, line 3: SyntaxError: '(' was never closed")
    checks = [check(n, check_status, message=message) for n in range(1, 5)]
    return exercise(slug, checks, status, message, line=line)


def hostile():
    told = {"message": texts(f"{ATTACK}\n{ATTACK}"), "function": "f", "line": 2}
    checks = [
        check(1), check(2, "failed", **told), check(3, "failed", mistake="named", **told), check(4, "crashed", **told)
    ]  # fmt: skip
    whole = exercise("08_best_answer_span", checks, output=ATTACK, file=f"exercises/{ATTACK}/a,b:c.py")
    broken = replace(unrun("09_answer_question"), message=texts(ATTACK), file=f"x{ATTACK}")
    return report(whole, broken, name=ATTACK, reveal="full")


SAMPLES = {
    "full": report(exercise("04_softmax_predictions", [check(n) for n in range(1, 12)])),
    "partial": report(partial_exercise()),
    "several": report(partial_exercise(), unstarted("05_hidden_states"), unrun("08_best_answer_span")),
    "empty": report(unstarted("04_softmax_predictions")),
    "missing": report(
        exercise("04_softmax_predictions", [check(n, "failed", message=texts("It was not handed in.")) for n in (1, 2)],
                 "missing", texts("It was not handed in."), file=None)
    ),
    "crashed": report(unrun("04_softmax_predictions")),
    "fault": report(unrun("04_softmax_predictions", "grader_error", "grader_error", None)),
    "hostile": hostile(),
}  # fmt: skip
ENVIRONMENT = {
    "CLASSROOM": "nlp", "ASSIGNMENT": "transformers", "ASSIGNMENT_TYPE": "individual", "OWNER": "ana",
    "SUBMISSION_TAG": "submit/20261124T100000Z-abc1234", "COMMIT_URL": "https://git.example/c",
    "RELEASE_URL": "https://git.example/r", "REVIEW_URL": "https://git.example/d",
}  # fmt: skip


def context(language="en", **more):
    now = datetime(2026, 11, 24, 10, 5, 9, tzinfo=UTC)
    return Context(language, **({"environment": ENVIRONMENT, "now": now} | more))


@pytest.fixture(params=SAMPLES)
def sample(request):
    return SAMPLES[request.param]


class Make(SimpleNamespace):
    """The builders of this module, by name."""

    def __repr__(self):
        return "make"


@pytest.fixture
def make():
    return Make(**{name: value for name, value in globals().items() if not name.startswith("_")})
