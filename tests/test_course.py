"""The contract of every exercise: what a student, an author and the judge rely on, for each one that there is."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from grader.authoring.stubs import stub_of
from grader.batch import grade_submissions
from grader.catalogue import ROOT, SECTIONS, load_course
from grader.checkpoints.recipe import load_recipes
from grader.judge import bank
from grader.submission import Handed, Submission, read_submission

COURSE = load_course()
SEED = 11
CATALOGUE = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text())
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


@pytest.fixture(params=list(COURSE))
def exercise(request):
    return COURSE[request.param]


@pytest.fixture(scope="module")
def reports():
    """Solutions, stubs, second references, and each exercise's n-th variant, graded as one class with one seed."""
    exercises = list(COURSE.values())
    submissions = [read_submission(ROOT / "solutions", exercises), read_submission(ROOT / "exercises", exercises)]
    variants = {exercise.slug: bank.variants(exercise) for exercise in exercises}
    for place in range(max(map(len, variants.values()))):
        handed = {
            slug: Handed({COURSE[slug].file: list(sources.values())[place].encode()})
            for slug, sources in variants.items()
            if place < len(sources)
        }
        submissions.append(Submission(f"variant {place}", handed))
    return grade_submissions(submissions, exercises, "full", SEED)


def test_the_solutions_earn_every_point(reports):
    assert reports[0].score == reports[0].max_score
    assert {exercise.status for exercise in reports[0].exercises} == {"graded"}


def test_the_stubs_earn_nothing_as_not_started(reports):
    assert reports[1].score == 0
    assert {exercise.status for exercise in reports[1].exercises} == {"not_started"}


def test_every_accepted_variant_earns_every_point(reports):
    for report in reports[2:]:
        lost = [check for exercise in report.exercises for check in exercise.checks if check.status != "passed"]
        assert lost == []


def test_the_stub_is_what_the_solution_gives(exercise):
    assert exercise.stub.read_text() == stub_of(exercise.solution.read_text(), exercise.solution), "run: grader sync"


def test_the_sizes_of_an_exercise(exercise):
    public = [
        n for n in ast.parse(exercise.public_checks.read_text()).body if getattr(n, "name", "").startswith("test_")
    ]
    assert 3 <= len(public) <= 5
    assert all(ast.get_docstring(check) for check in public)
    assert len(bank.mistakes(exercise)) >= 8
    assert len(bank.variants(exercise)) >= 3


def test_an_exercise_names_a_section_a_checkpoint_and_what_comes_before_it(exercise):
    assert {exercise.lesson, *exercise.also} <= set(SECTIONS)
    assert exercise.at_home in load_recipes()
    assert all(name in COURSE and name < exercise.slug for name in exercise.prerequisites)


def test_the_readmes_say_what_the_exercise_states(exercise):
    for name, language in (("README.md", "en"), ("README.es.md", "es")):
        text = (exercise.stub.parent / name).read_text()
        number = exercise.slug[:2]
        assert text.startswith(f"# {number} · {exercise.title[language]}\n")
        assert "★" * exercise.difficulty + " ·" in text
        assert f" {exercise.minutes} " in text
        assert f"*{exercise.lesson}*" in text
        assert f"pytest exercises/{exercise.slug}" in text


def test_both_readmes_have_the_same_parts(exercise):
    folder = exercise.stub.parent
    levels = [re.findall(r"^#+", (folder / name).read_text(), re.MULTILINE) for name in ("README.md", "README.es.md")]
    assert levels[0] == levels[1]


def test_mistakes_are_named_as_verb_phrases_and_advise_in_two_languages(exercise):
    for mistake in bank.mistakes(exercise):
        assert NAME.fullmatch(mistake.name)
        assert any(word.endswith("s") for word in mistake.name.split("_")), "a verb in the third person"
        assert mistake.advice["en"] != mistake.advice["es"]
        for text in (*mistake.advice.values(), mistake.origin):
            assert len(text) > 10
            assert "!" not in text.replace("!=", "")


def test_the_bank_holds_every_mistake_that_the_catalogue_names(exercise):
    names = {mistake.name for mistake in bank.mistakes(exercise)}
    for mistake, entries in CATALOGUE[exercise.slug].items():
        assert entries, mistake
        assert set(entries) <= names, mistake


def test_a_solution_states_its_contract(exercise):
    tree = ast.parse(exercise.solution.read_text())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in exercise.todos:
            doc = ast.get_docstring(node) or ""
            fields = re.findall(r"^(Shapes|Units|Dtype|Errors|Effects|Source):", doc, re.MULTILINE)
            order = ["Shapes", "Units", "Dtype", "Errors", "Effects", "Source"]
            assert fields == sorted(fields, key=order.index)
            assert {"Errors", "Effects"} <= set(fields)
            assert node.returns is not None
            assert all(argument.annotation for argument in node.args.args)


def test_nothing_lies_where_no_exercise_is():
    for folder in (ROOT / "exercises", ROOT / "solutions", ROOT / "grader" / "hidden"):
        assert {path.name for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(COURSE)
