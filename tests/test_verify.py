"""The proof of a suite finds what is wrong with it: one toy exercise for each rule that can break."""

import pytest

from grader.authoring.stubs import stub_of
from grader.authoring.verify import Prover
from grader.catalogue import CourseError, load_course
from grader.judge.grade import Judge
from grader.judge.runner import run_suites
from grader.judge.subjects import Bench, Call
from grader.judge.workers import GraderFault, Workshop
from grader.submission import Handed, Submission

SOLUTION = '''"""Toys."""

from __future__ import annotations

from torch import Tensor


def double(x: Tensor) -> Tensor:
    """Return twice `x`."""
    # TODO 1: multiply.
    return 2 * x


def total(x: Tensor) -> float:
    """Return the sum of `x`."""
    # TODO 2: add.
    return float(x.sum())
'''
SUITE = '''
from grader.judge.suite import assert_same

TIGHT = 1e-5


def test_double_is_twice(student, reference, rng):
    """Twice.

    es: El doble.
    """
    for size in (3, 4):
        x = rng.normal(size=size).astype("float32")
        assert_same(student.double(x), reference.double(x), relative=0, absolute=TIGHT)


def test_total_is_the_sum(student, reference, rng):
    """The sum.

    es: La suma.
    """
    for size in (3, 4):
        x = rng.normal(size=size).astype("float32")
        assert_same(student.total(x), reference.total(x))
'''
MISTAKE = """[{name}]
old = "{old}"
new = "{new}"
todo = {todo}
en = "a"
es = "b"
source = "c"

"""
TRIPLES = MISTAKE.format(name="triples", old="2 * x", new="3 * x", todo=1)
AVERAGES = MISTAKE.format(name="averages", old="x.sum()", new="x.mean()", todo=2)
BANK = TRIPLES + AVERAGES
ONE_INPUT = '''

def test_one_input_is_not_enough(student, reference, rng):
    """One.

    es: Uno.
    """
    x = rng.normal(size=3).astype("float32")
    assert_same(student.total(x), reference.total(x))
'''
FLAKY = '''

def test_luck_decides(student, reference, rng):
    """Luck.

    es: Suerte.
    """
    for size in (3, 4):
        x = rng.normal(size=size).astype("float32")
        assert_same(student.total(x), reference.total(x) + (rng.random() > 0.5))
'''
FALLS_OVER = (
    SUITE
    + '''

def test_the_suite_falls_over(student, reference, rng):
    """Falls.

    es: Cae.
    """
    raise RuntimeError("a typing error of ours")
'''
)
LOOP = SOLUTION.replace("    # TODO 2: add.\n    return float(x.sum())", "    n = 0.0\n    for item in x:\n        # TODO 2: add.\n        n += float(item)\n    return n")  # fmt: skip
NO_ITEMS = '''

def test_the_total_of_nothing_is_zero(student, reference, rng):
    """Zero.

    es: Cero.
    """
    assert_same(student.total(rng.normal(size=0)), reference.total(rng.normal(size=0)))
'''

HALTS = "79_halts"

# slug: solution, suite, bank, variants, and what the proof must say
TOYS = {
    "80_sound": (SOLUTION, SUITE, BANK, {}, None),
    "81_blind": (SOLUTION, SUITE, BANK + MISTAKE.format(name="adds", old="2 * x", new="x + x", todo=1), {},
                 "adds earned every point"),
    "82_alike": (SOLUTION, SUITE, BANK + MISTAKE.format(name="adds_twice", old="2 * x", new="x + x + x", todo=1), {},
                 "adds_twice was named triples in test_double_is_twice"),
    "83_idle": (SOLUTION, SUITE, TRIPLES, {}, "test_total_is_the_sum is failed by none"),
    "84_single": (SOLUTION, SUITE + ONE_INPUT, BANK, {},
                  "returns_the_first_right_answer_again passed test_one_input_is_not_enough"),
    "85_unfair": (SOLUTION, SUITE, BANK, {"other": "def double(x):\n    return x * 2.5\n"}, "variant other lost test_double_is_twice"),
    HALTS: (SOLUTION, SUITE, BANK, {"other": "def double(x):\n    return x * 2\n\n\nprint(no_such_name)\n"},
            "variant other stops with"),
    "86_faint": (SOLUTION, SUITE.replace("1e-5", "1e-7"),
                 BANK + MISTAKE.format(name="rounds", old="2 * x", new="2 * x + 1e-6", todo=1), {}, "rounds has"),
    "87_loop": (LOOP, SUITE + NO_ITEMS, TRIPLES + MISTAKE.format(name="forgets", old="n += float(item)", new="n = float(item)", todo=2),
                {}, "test_the_total_of_nothing_is_zero is passed"),
    "88_flaky": (SOLUTION, SUITE + FLAKY, BANK, {}, "solution lost test_luck_decides"),
    "90_second": (SOLUTION, SUITE, BANK, {"../second_reference": SOLUTION.replace("x.sum()", "x.mean()")},
                  "second reference second_reference lost test_total_is_the_sum"),
    "89_falls": (SOLUTION, FALLS_OVER, BANK, {}, "fell over with RuntimeError: a typing error of ours"),
}  # fmt: skip


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """The rules that the proof of each toy found broken, by slug."""
    root = tmp_path_factory.mktemp("course")
    for slug, (solution, suite, bank, variants, _) in TOYS.items():
        module = slug.partition("_")[2]
        files = {
            f"solutions/{slug}/{module}.py": solution,
            f"solutions/{slug}/exercise.toml": 'en = "a"\nes = "b"\nlesson = "c"\ndifficulty = 1\nminutes = 1\nat_home = "gpt2"\n',
            f"exercises/{slug}/{module}.py": stub_of(solution, root),
            f"exercises/{slug}/test_{module}.py": "",
            f"exercises/{slug}/README.md": "# TITLE" if slug == "80_sound" else "",
            f"grader/hidden/{slug}/suite.py": suite,
            f"grader/hidden/{slug}/mistakes.toml": bank,
            **{f"grader/hidden/{slug}/variants/{name}.py": code for name, code in variants.items()},
        }
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    toys = load_course(root)

    def prove(runner):
        found = {}
        for slug, toy in toys.items():
            prover = Prover(Judge([toy], runner, shop, 1), toy, lambda _: None)
            proof = prover.prove()
            for seed in range(2, 5) if slug != HALTS else ():
                again = Prover(Judge([toy], runner, shop, seed, prover.judge.bench), toy, lambda _: None)
                again.proof = proof
                again.prove_at(seed, {})
            found[slug] = proof.broken
        falls = toys["89_falls"]
        handed = Handed({falls.file: falls.solution.read_bytes()})
        found["report"] = Judge([falls], runner, shop, 1).grade(Submission("ana", {falls.slug: handed}), "gap")
        return found

    with Workshop([]) as shop:
        return run_suites(list(toys.values()), prove)


def test_a_sound_suite_breaks_no_rule(broken):
    assert [
        line for line in broken["80_sound"] if not line.startswith(("an exercise has", "nothing of the scaffold"))
    ] == []


def test_a_fault_of_the_grader_has_its_own_status_and_text(broken):
    report = broken["report"]
    assert report.has_fault
    assert report.exercises[0].status == "grader_error"
    assert [check.status for check in report.exercises[0].checks] == ["passed", "passed", "grader_error"]
    message = report.exercises[0].checks[-1].message
    assert message["en"].startswith("The grader failed, not your answer: 89_falls: test_the_suite_falls_over fell over")
    assert message["es"].startswith("Falló el corrector, no tu respuesta:")


def test_a_file_of_the_bank_that_stops_half_way_is_the_graders_fault(course):
    exercise = course["04_softmax_predictions"]
    source = exercise.solution.read_text(encoding="utf-8") + "\nprint(no_such_name)\n"
    with Workshop([]) as shop, pytest.raises(GraderFault, match=r"does not load: .*no_such_name"):
        Bench(shop).perform("half", exercise, source, Call.of("probabilities", (), {}, 1))


def test_what_is_left_of_the_scaffold_is_found(broken):
    assert any("exercises/80_sound/README.md says 'TITLE'" in line for line in broken["80_sound"])


@pytest.mark.parametrize(
    ("slug", "change", "line"),
    [
        ("91_a", lambda suite: suite.replace("es: El doble.", ""), "test_double_is_twice needs a docstring"),
        ("92_a", lambda suite: suite.replace("def test_total", "@pytest.mark.rests_on('test_x')\ndef test_total").replace("\n", "\nimport pytest\n", 1),
         "test_total_is_the_sum rests on test_x, which is no check above it"),
        ("93_a", lambda suite: "import nothing_of_this_name\n" + suite, "the suite does not load: .*nothing_of_this_name"),
    ],
)  # fmt: skip
def test_a_suite_that_breaks_the_form_is_one_line(tmp_path, slug, change, line):
    files = {f"solutions/{slug}/a.py": SOLUTION, f"grader/hidden/{slug}/suite.py": change(SUITE)}
    files[f"solutions/{slug}/exercise.toml"] = (
        'en = "a"\nes = "b"\nlesson = "c"\ndifficulty = 1\nminutes = 1\nat_home = "gpt2"\n'
    )
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(CourseError, match=line):
        run_suites(list(load_course(tmp_path).values()), lambda runner: runner)


@pytest.mark.parametrize("slug", [slug for slug, toy in TOYS.items() if toy[-1]])
def test_a_broken_rule_is_said_with_the_place_to_look(broken, slug):
    assert any(TOYS[slug][-1] in line for line in broken[slug]), broken[slug]


@pytest.mark.parametrize(
    "size", ["3 to 5 public checks", "8 to 12 checks", "8 mistakes or more", "3 variants or more", "a second reference"]
)
def test_the_proof_asks_for_enough_of_everything(broken, size):
    assert any(size in line for line in broken["80_sound"])
