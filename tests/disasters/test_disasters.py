"""What honest accidents cost, and what the student reads about them: one folder for each kind.

A folder is a student's repository with one exercise, and `expected.LANGUAGE.txt`: the lines that `grader grade` prints
for it, without those of a single run (total, seed, duration). What the seed draws is shown as `#` and what a library
words as `(…)`, so that the lines are the same at every seed and with every version.

To add a kind: make its folder, run `pytest tests/disasters --update`, and read the lines as that student would.
"""

import re
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest
from rich.console import Console

from grader.batch import grade_submissions
from grader.judge.workers import Limits
from grader.reports import terminal
from grader.submission import read_submission

HERE = Path(__file__).parent
KINDS = sorted(path.parent.name for path in HERE.glob("*/[0-9][0-9]_*"))
LANGUAGES = ("en", "es")
UPDATE = "pytest tests/disasters --update"
LIMITS = Limits(import_s=4, call_s=1)
SEED = 7

NOISY = ("bfloat16_results", "score_rounded", "train_instead_of_eval")
HARMLESS = [
    "a_class_and_one_object",
    "arguments_of_the_command_line",
    "byte_order_mark",
    "decorators",
    "default_device",
    "default_dtype",
    "exit_at_the_end",
    "float64_results",
    "functions_as_lambdas",
    "global_seed",
    "grad_mode",
    "loads_a_model_of_the_lesson",
    "main_block",
    "non_ascii_identifiers",
    "number_of_threads",
    "numpy_arrays",
    "numpy_scalars",
    "parameters_renamed",
    "partial_of_a_function",
    "pip_install_in_the_file",
    "prints_everywhere",
    "prints_without_end",
    "relative_paths",
    "sibling_file",
    "thread_left_running",
    "train_left_on",
    "tries_it_out_at_the_end",
    "warnings_as_errors",
    "windows_line_endings",
]
ONLY_ONE_FUNCTION = [
    "asks_for_a_token",
    "async_function",
    "breakpoint_left_in",
    "cache_of_the_first_model",
    "calls_what_is_banned",
    "cuda_written_in",
    "downloads_a_model_in_a_function",
    "edits_id2label",
    "function_pasted_inside_another",
    "half_finished_and_tried_out",
    "input_in_a_function",
    "loop_without_end",
    "lru_cache_on_a_list",
    "missing_function",
    "prints_instead_of_returning",
    "renamed_function",
    "returns_the_json_text",
    "star_import_shadows",
    "stray_comma",
    "wrong_arity",
    "yields_instead_of_returning",
]
OF_THE_OTHER_FUNCTION = 4  # checks of `probabilities` alone


@pytest.fixture(scope="module")
def reports(request, course):
    """The report of each kind that was selected, all graded in one session."""
    kinds = sorted({item.callspec.params["kind"] for item in request.session.items if item.path == request.path})
    slugs = {kind: next((HERE / kind).glob("[0-9][0-9]_*")).name for kind in kinds}
    submissions = [read_submission(HERE / kind, [course[slugs[kind]]]) for kind in kinds]
    exercises = [exercise for slug, exercise in course.items() if slug in slugs.values()]
    graded = grade_submissions(submissions, exercises, "gap", seed_of(request.config), LIMITS)
    return {report.submission: report for report in graded}


def seed_of(config):
    return config.getoption("--seed", SEED)


def lines(report, language):
    """Return what the student reads about one exercise, without what differs from run to run."""
    console = Console(width=100, force_terminal=False)
    with console.capture() as captured:
        console.print(terminal.feedback(masked(report), language))
    shown = [line.rstrip() for line in captured.get().splitlines()]
    return "\n".join(shown[: shown.index("")]) + "\n"


def masked(report):
    """Return the report without numbers, labels and places that the seed draws, and without the words of libraries."""

    def mask(texts):
        return texts and {language: mask_text(text) for language, text in texts.items()}

    exercises = tuple(
        replace(exercise, message=mask(exercise.message), note=mask(exercise.note),
                checks=tuple(replace(check, message=mask(check.message)) for check in exercise.checks))
        for exercise in report.exercises
    )  # fmt: skip
    return replace(report, exercises=exercises)


def mask_text(text):
    text = re.sub(r"\((\w+(?:Error|Exit)): .*\)", r"(\1: …)", text)
    text = re.sub(r"(message|mensaje): .*", r"\1: (…)", text)
    text = re.sub(r"(?<![=\w])-?\d+\.\d+(e-\d+)?", "#", text)
    return re.sub(r"'(NEG|NEU|POS|SPAM|NONE|NEGATIVE|POSITIVE|NEUTRAL)'|\[\d(, \d)?\]", "#", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_student_reads_these_lines(reports, request, kind, language):
    if kind in NOISY and seed_of(request.config) != SEED:
        pytest.skip("which checks such noise fails is a matter of the draw")
    golden = HERE / kind / f"expected.{language}.txt"
    assert not reports[kind].has_fault
    got = lines(reports[kind], language)
    if request.config.getoption("--update", False):
        golden.write_text(got, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if got != expected:
        changes = unified_diff(
            expected.splitlines(), got.splitlines(), str(golden.relative_to(HERE)), "now", lineterm=""
        )
        pytest.fail("\n".join([*changes, "", f"If the new lines are the better ones: {UPDATE}"]), pytrace=False)


@pytest.mark.parametrize("kind", HARMLESS)
def test_an_honest_habit_costs_nothing(reports, kind):
    assert reports[kind].score == reports[kind].max_score


@pytest.mark.parametrize("kind", ONLY_ONE_FUNCTION)
def test_what_breaks_one_function_leaves_the_other_its_points(reports, kind):
    assert reports[kind].score == OF_THE_OTHER_FUNCTION


@pytest.mark.parametrize("kind", KINDS)
def test_the_lines_tell_one_thing_once_and_nothing_of_our_own(kind):
    for language in LANGUAGES:
        text = (HERE / kind / f"expected.{language}.txt").read_text(encoding="utf-8")
        assert not re.search(r"Traceback|site-packages|/workers/|builtins\.|\w!(?!\w)", text)
        reasons = [line for line in text.splitlines() if re.match(r" {5}\S", line) and "also" not in line]
        assert len(reasons) == len(set(reasons))
