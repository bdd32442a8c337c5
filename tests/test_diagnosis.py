"""Which mistake is named: one that gives the student's results, and that no passed check speaks against."""

import pytest

from grader.authoring.stubs import stub_of
from grader.catalogue import load_course

SOLUTION = '''"""A toy."""

from __future__ import annotations

from torch import Tensor


def norm(x: Tensor) -> float:
    """Return the largest absolute value of `x`."""
    # TODO 1: the absolute values.
    sizes = x.abs()
    # TODO 2: the largest of them.
    return float(sizes.max())
'''
SUITE = '''
from grader.judge.suite import assert_agree


def test_signs_do_not_count(student, reference, rng):
    """Negative.

    es: Negativos.
    """
    cases = [(-rng.uniform(1, 2, size=1).astype("float32"),) for _ in range(2)]
    assert_agree(student.norm, reference.norm, cases)


def test_the_largest_counts(student, reference, rng):
    """Largest.

    es: El mayor.
    """
    cases = [(rng.uniform(1, 2, size=size).astype("float32"),) for size in (3, 4)]
    assert_agree(student.norm, reference.norm, cases)
'''
ENTRY = """
[{name}]
old = "{old}"
new = "{new}"
todo = {todo}
en = "a"
es = "b"
source = "c"
"""
SUMS_WITH_SIGNS = ENTRY.format(name="sums_with_signs", old="x.abs()", new="x.sum()", todo=1)
SUMS = ENTRY.format(name="sums", old="sizes.max()", new="sizes.sum()", todo=2)
BANKS = {"60_first": SUMS_WITH_SIGNS + SUMS, "61_only": SUMS_WITH_SIGNS}
STUDENTS = {
    "sums": "def norm(x):\n    return float(x.abs().sum())\n",
    "sums with signs": "def norm(x):\n    return float(x.sum())\n",
}


@pytest.fixture(scope="module")
def named(tmp_path_factory, grade_sources):
    """The mistake named for each check, by exercise and student."""
    root = tmp_path_factory.mktemp("course")
    for slug, bank in BANKS.items():
        module = slug.partition("_")[2]
        files = {
            f"solutions/{slug}/{module}.py": SOLUTION,
            f"solutions/{slug}/exercise.toml": 'en = "a"\nes = "b"\nlesson = "c"\ndifficulty = 1\nminutes = 1\nat_home = "gpt2"\n',
            f"exercises/{slug}/{module}.py": stub_of(SOLUTION, root),
            f"grader/hidden/{slug}/suite.py": SUITE,
            f"grader/hidden/{slug}/mistakes.toml": bank,
        }
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
    graded = {slug: grade_sources(exercise, STUDENTS) for slug, exercise in load_course(root).items()}
    return {
        (slug, student): {check.id: check.mistake for check in result.checks if check.status == "failed"}
        for slug, results in graded.items()
        for student, result in results.items()
    }


def test_a_mistake_that_fails_a_passed_check_is_not_named(named):
    assert named["61_only", "sums"] == {"test_the_largest_counts": None}


def test_another_entry_with_the_same_results_is_named_then(named):
    assert named["60_first", "sums"] == {"test_the_largest_counts": "sums"}


def test_a_mistake_is_named_in_every_check_that_it_fails(named):
    both = {"test_signs_do_not_count": "sums_with_signs", "test_the_largest_counts": "sums_with_signs"}
    assert named["60_first", "sums with signs"] == both
