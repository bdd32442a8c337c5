"""Every attack of the corpus, at each isolation level, as root and as an ordinary user, as far as this machine offers it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from grader.isolation import LEVELS
from tests.attacks import table
from tests.attacks.cases import CLASSES, HOLDS, LINES, corpus
from tests.attacks.runs import COLUMNS, NotHere, found, passed, run
from tests.attacks.session import BEGINNINGS

pytestmark = pytest.mark.timeout(900)  # the sessions run in the first test's time

# Each level, and root and an ordinary user at the level that claims something; the table takes all six, whole. With
# one line open and the others shut, only some classes can come out otherwise than with all or none.
TELLING = ("reading", "forging", "patching", "escaping")
HERE = [
    replace(column, kinds=TELLING) if column.level == "partial" else column
    for column in COLUMNS
    if column.id not in ("partial-ordinary", "process-ordinary")
]
WITHOUT_ROOT = [column for column in COLUMNS if column.user == "ordinary"]
HUNG_S = 60.0  # far above what the limits of calls add up to: longer, and something waited without one
LONGEST = 1200  # characters of a message
# Below `full`, so many attacks of a class are held by their time limit alone: on a faster machine they come through.
LATE = {"exhausting": 2}

AN_ATTACK = pytest.mark.parametrize("attack", corpus(), ids=lambda attack: attack.id)
A_COLUMN = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.id)


@pytest.fixture(scope="module")
def results(tmp_path_factory, is_root):
    """The sessions of the columns that fit this user, side by side."""
    return run(HERE if is_root else WITHOUT_ROOT, tmp_path_factory.mktemp("sessions"), at_once=3)


@pytest.fixture(scope="module")
def offered(results):
    """The results that this machine offers; without any, nothing was shown."""
    there = found(results.values())
    assert there, "no session could be run at all"
    return there


@pytest.fixture(scope="module")
def result(results):
    """A column's result; where there is none, the test is skipped for that reason."""

    def get(column):
        by_id = {other.id: one for other, one in results.items()}
        one = by_id.get(column.id, NotHere("the table runs it"))
        if isinstance(one, NotHere):
            pytest.skip(str(one))
        return one

    return get


def test_there_are_attacks_of_every_class_and_on_every_layer():
    attacks = corpus()
    assert len(attacks) >= 40
    assert {attack.kind for attack in attacks} == set(CLASSES)
    assert {attack.stopped_by for attack in attacks} == set(HOLDS)


@A_COLUMN
def test_a_session_ends_whole_and_leaves_nothing(result, column):
    one = result(column)
    told = one.told
    assert told["ended"] == ""
    assert told["left"] == []
    assert told["attacks"].keys() | told["refused"].keys() == {a.id for a in corpus() if a.kind in one.column.kinds}
    assert told["user"] == column.user


@AN_ATTACK
def test_an_attack_is_contained_wherever_its_layer_holds(offered, attack):
    for one in offered:
        if attack.is_held_by(one.isolation):
            told = one.of(attack)
            assert one.raised(attack) == set(), one.column.id
            assert told["reached"] == [], one.column.id
            assert told["damage"] == [], one.column.id


@AN_ATTACK
def test_no_score_is_raised_but_by_what_the_table_names(offered, attack):
    named = re.findall(r"`([\w/]+)` \(((?:`\w+`(?:, )?)+)\)", table.committed("en"))
    levels = {name: re.findall(r"`(\w+)`", where) for name, where in named}
    for one in offered:
        if one.column.level not in levels.get(attack.id, []):
            assert one.raised(attack) == set(), one.column.id


def test_at_full_only_what_the_worker_says_of_itself_raises_a_score(offered):
    raising = {name for name, levels in table.raising(offered).items() if "full" in levels}
    assert raising <= {"patching/says_that_nothing_changed", "patching/does_without_the_ban"}


@AN_ATTACK
def test_an_attack_is_told_in_one_clear_line_of_each_language(offered, attack):
    for one in offered:
        told = one.of(attack)
        assert not {check["status"] for check in told["checks"]} & {"grader_error"}, one.column.id
        failed = [check for check in told["checks"] if check["status"] in ("failed", "crashed", "timeout")]
        assert all(check["message"] for check in failed), one.column.id
        for check in [*told["checks"], told]:
            for text in (check.get("message") or {"en": "-", "es": "-"}).values():
                advice, _, fact = text.rpartition("\n")
                assert fact.strip(), one.column.id
                assert "\n" not in advice
                assert len(text) <= LONGEST
                assert "Traceback" not in text
                assert not {unicodedata.category(c) for c in advice + fact} & {"Cc", "Cf", "Cs", "Zl", "Zp"}, text


@AN_ATTACK
def test_an_attack_takes_no_longer_than_the_limits_allow(offered, attack):
    for one in offered:
        assert one.of(attack).get("seconds", 0) < HUNG_S, one.column.id


@AN_ATTACK
def test_the_name_of_a_submission_is_one_line(offered, attack):
    for one in offered:
        shown = one.of(attack).get("shown", "x")
        assert shown.isprintable()
        assert shown


@A_COLUMN
def test_honest_neighbours_get_the_same_before_between_and_after_the_attacks(result, column):
    told = result(column).told
    for honest in ("all", "probabilities"):
        same = [one["checks"] for one in told["neighbours"] if one["name"].endswith(f" {honest}")]
        assert len(same) > len(told["attacks"]) / 40
        assert all(checks == same[0] for checks in same)
        assert not any(one["output"] for one in told["neighbours"])


def test_honest_neighbours_get_the_same_at_every_level_and_in_both_orders(offered):
    for honest in BEGINNINGS:
        twins = [one.twin(honest) for one in offered]
        assert all(twin["checks"] == twins[0]["checks"] for twin in twins)


def test_honest_beginnings_earn_what_they_are_worth(offered):
    for one in offered:
        right, half, in_place, stub = (one.twin(honest) for honest in BEGINNINGS)
        assert right["score"] == right["max_score"]
        assert in_place["score"] == right["max_score"] - 1
        assert 0 < half["score"] < right["max_score"] / 2
        assert stub["score"] == 0


def test_attacks_get_through_where_nothing_is_shut(offered):
    """A corpus that reaches nothing where nothing is shut would prove nothing where everything is."""
    for one in offered:
        if one.column.level == "process":
            assert (
                one.of(next(a for a in corpus() if a.id == "reading/the_solution"))["score"] == one.twin("all")["score"]
            )
            through = {attack.stopped_by for attack in corpus() if not one.is_contained(attack)}
            assert through >= set(LINES)


def test_what_is_held_everywhere_is_held_everywhere(offered):
    assert {one.column.level for one in offered} <= set(LEVELS)
    for attack in corpus():
        if attack.stopped_by in ("process line", "limits", "wire", "judge"):
            assert all(passed(one.of(attack)) <= passed(one.twin(attack.honest)) for one in offered), attack.id


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_table_in_the_readme_says_what_happened(offered, language):
    """At `full` to the last attack; below it, a machine with more defences than the measured one may hold more."""
    heads, *rows = table.cells(table.committed(language))
    assert len(rows) == len(CLASSES)
    for one in offered:
        place = [column.id for column in COLUMNS].index(one.column.id)
        assert heads[place].startswith(f"`{one.column.level}`")
        for kind, row in zip(CLASSES, rows, strict=True):
            if kind not in one.column.kinds:
                continue
            contained, total = table.counts(one)[kind]
            stated, of = map(int, row[place].split("/"))
            assert of == total, f"{kind}: the corpus has changed; run: python -m tests.attacks.table"
            exact = one.column.level == "full"
            late = 0 if exact else LATE.get(kind, 0)
            assert stated == contained if exact else stated <= contained + late, f"{kind} at {one.column.id}"
