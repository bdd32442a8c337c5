"""The same class with hostile submissions among the honest ones, graded in both orders: what is honest earns the same."""

from dataclasses import asdict

import pytest

from grader.batch import grade_submissions
from grader.submission import Handed, Submission
from tests.attacks.cases import HERE, beginning, corpus
from tests.attacks.session import LIMITS, SEED

HOSTILE = (
    "leaving_early/abort", "hanging/loop_at_import", "exhausting/forks", "reading/memory_of_the_bench",
    "forging/replies_ahead_of_time", "lying_objects/equal_to_everything", "patching/torch_for_everybody",
    "patching/models_that_were_handed_over", "escaping/shadows", "injecting/terminal_escapes",
)  # fmt: skip
HONEST = ("all", "probabilities", "in place", "none")


@pytest.fixture(scope="module")
def both(course):
    """The reports of a class that begins with an honest submission and ends with one, forwards and backwards, by name."""
    exercise = course["04_softmax_predictions"]
    attacks = {attack.id: attack for attack in corpus()}
    places = b'{"token": "attack-of-nobody", "key": 1, "victim": "/nowhere", "secret": "none", "home": "/nowhere"}'
    kit = (HERE / "kit.py").read_bytes()

    def submission(name, source, beside=None):
        return Submission(name, {exercise.slug: Handed({exercise.file: source.encode(), **(beside or {})})})

    members = []
    for place, name in enumerate(HOSTILE):
        if place % 3 == 0:
            members.append(submission(f"honest {HONEST[place // 3]}", beginning(exercise, HONEST[place // 3])))
        source = beginning(exercise, attacks[name].honest) + "\n\n" + attacks[name].source
        members.append(submission(name, source, {"kit.py": kit, "places.json": places}))
    members.append(submission("honest all, again", beginning(exercise, "all")))
    return [
        {one.submission: one for one in grade_submissions(order, [exercise], "gap", SEED, LIMITS)}
        for order in (members, members[::-1])
    ]


def checks(report):
    """Return all that a report says of its checks but how long they took."""
    return [{**asdict(check), "duration_s": 0} for check in report.exercises[0].checks]


def test_honest_submissions_earn_the_same_in_both_orders(both):
    forwards, backwards = both
    honest = [name for name in forwards if name.startswith("honest")]
    assert len(honest) == len(HONEST) + 1
    for name in honest:
        assert checks(forwards[name]) == checks(backwards[name])
    worth = forwards["honest all"].max_score
    assert forwards["honest all"].score == worth
    assert forwards["honest in place"].score == worth - 1
    assert 0 < forwards["honest probabilities"].score < worth
    assert forwards["honest none"].score == 0
    assert checks(forwards["honest all, again"]) == checks(forwards["honest all"])


def test_hostile_submissions_earn_what_their_honest_parts_earn_in_both_orders(both):
    worth = {name: both[0][f"honest {name}"].score for name in HONEST}
    honest = {attack.id: attack.honest for attack in corpus()}
    for reports in both:
        assert all(reports[name].score <= worth[honest[name]] for name in HOSTILE)
