"""What every format keeps: the same points, nothing unseen, no command; and what each one promises for itself."""

import csv
import io
import json
import re
import unicodedata
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.report import ReportError, read_report
from grader.reports import annotate, classroom50, escape, gradescope, json_report, junit, markdown, table, terminal
from grader.reports.formats import FORMATS

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
TEXT = st.text(max_size=60) | st.sampled_from(
    ["::error::x", "##[add-mask]x", "\x1b[2J", "\u202e", "a\n::group::x", "]]>", "`|`"]
)
PROSE = [name for name in FORMATS if name != "annotations"]


def commands(log):
    """Return the lines that GitHub Actions would obey."""
    return [line for line in re.split(r"[\r\n]", log) if re.match(r"\s*::[^:]*::", line) or "##[" in line]


def schema(make, name):
    return json.loads((make.SCHEMAS / name).read_text())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_format_renders_every_report_without_unseen_characters(sample, make, name, language):
    text = FORMATS[name].render(sample, make.context(language))
    text.encode()
    unseen = [c for c in text if c not in f"\r\n{escape.INVISIBLE_BREAK}" and unicodedata.category(c) in escape.UNSEEN]
    assert unseen == []


@pytest.mark.parametrize("name", PROSE)
@QUIET
@given(message=TEXT, submission=TEXT, file=TEXT)
def test_no_format_but_the_annotations_holds_a_command(make, name, message, submission, file):
    told = {"message": make.texts(message), "function": "f"}
    checks = [make.check(1, "failed", **told), make.check(2, "crashed", mistake="m", **told)]
    whole = make.exercise("04_softmax_predictions", checks, file=file)
    broken = make.exercise("08_best_answer_span", checks, "unreadable", make.texts(message), file=file)
    report = make.report(whole, broken, name=submission, reveal="full")
    for width in (30, 80):
        text = escape.log(FORMATS[name].render(report, make.context(width=width)))
        assert commands(text) == []


def test_the_tests_own_reading_of_a_log_finds_commands():
    assert len(commands(" ::error file=x::y\nfoo ##[error]x\n::debug::\nplain::text::")) == 3


# --- JSON ---


def test_json_is_the_whole_report_and_can_be_read_back(sample):
    text = json_report.render(sample)
    assert json.loads(text) == json.loads(json.dumps(sample.as_dict()))
    assert read_report(json.loads(text)) == sample


@pytest.mark.parametrize("broken", [None, [], {}, {"schema": "other"}, {"schema": "grader/report/v1"},
                                    {"schema": "grader/report/v1", "exercises": [{}], "isolation_missing": []}])  # fmt: skip
def test_what_is_no_report_is_one_line(broken):
    with pytest.raises(ReportError) as caught:
        read_report(broken)
    assert "\n" not in str(caught.value)


def test_a_report_of_a_later_version_is_read_without_what_is_new(make):
    data = make.SAMPLES["partial"].as_dict() | {"new": 1}
    assert read_report(data) == make.SAMPLES["partial"]


# --- Classroom 50 ---


def test_the_result_for_classroom_50_fits_its_schema(sample, make):
    result = json.loads(classroom50.render(sample, make.context()))
    jsonschema.validate(result, schema(make, "classroom50-result-v1.schema.json"))
    assert result["score"] == sample.score == sum(test["score"] for test in result["tests"])
    assert result["max-score"] == sample.max_score == sum(test["max-score"] for test in result["tests"])
    assert all(test["passed"] == (test["score"] == test["max-score"]) for test in result["tests"])
    assert result["datetime"] == result["graded_at"] == "2026-11-24T10:05:09Z"
    assert result["owner"] == "ana"
    names = [test["test-name"] for test in result["tests"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["CLASSROOM", "ASSIGNMENT", "ASSIGNMENT_TYPE", "OWNER", "SUBMISSION_TAG", "COMMIT_URL",
                                  "RELEASE_URL"])  # fmt: skip
def test_a_missing_variable_is_named_before_anything_is_graded(make, name):
    environment = {key: value for key, value in make.ENVIRONMENT.items() if key != name}
    environment |= {name: " "} if name == "OWNER" else {}
    with pytest.raises(ReportError, match=rf"needs {name} in the environment"):
        FORMATS["classroom50"].ready(make.context(environment=environment | {"USERNAME": ""}))


def test_their_fallbacks_are_ours(make):
    environment = {k: v for k, v in make.ENVIRONMENT.items() if k not in ("OWNER", "REVIEW_URL")} | {"USERNAME": "eva"}
    identity = classroom50.identity(environment)
    assert identity["owner"] == "eva"
    assert identity["review"] == make.ENVIRONMENT["COMMIT_URL"]


@pytest.mark.parametrize(("name", "value"), [("ASSIGNMENT_TYPE", "pair"), ("SUBMISSION_TAG", "v1")])
def test_a_variable_with_an_unknown_value_is_named(make, name, value):
    with pytest.raises(ReportError, match=f"{name} is '{value}'"):
        classroom50.identity({**make.ENVIRONMENT, name: value})


# --- Gradescope ---


def test_the_results_for_gradescope_fit_the_schema(sample, make):
    result = json.loads(gradescope.render(sample, make.context()))
    jsonschema.validate(result, schema(make, "gradescope-results.schema.json"))
    assert result["score"] == sample.score == sum(test["score"] for test in result["tests"])
    assert sample.max_score == sum(test["max_score"] for test in result["tests"])
    assert all((test["status"] == "passed") == (test["score"] == 1) for test in result["tests"])


@pytest.mark.parametrize(("reveal", "visibility", "shown"), [
    ("none", "visible", False), ("category", "visible", True), ("gap", "visible", True), ("full", "hidden", True),
])  # fmt: skip
def test_what_students_see_follows_the_level(make, reveal, visibility, shown):
    broken = make.unrun("08_best_answer_span")
    result = json.loads(gradescope.render(make.report(make.partial_exercise(), broken, reveal=reveal), make.context()))
    assert {test["visibility"] for test in result["tests"]} == {visibility} == {result["visibility"]}
    assert any(test["output"] for test in result["tests"]) == shown
    assert ("SyntaxError" in result["output"]) == shown
    assert result["stdout_visibility"] == "hidden"


def test_what_a_student_printed_is_in_no_format_but_json(make):
    report = make.report(
        make.exercise("04_softmax_predictions", [make.check(1, "failed")], output="PRINTED"), reveal="full"
    )
    holding = {name for name in FORMATS if "PRINTED" in FORMATS[name].render(report, make.context())}
    assert holding == {"json"}


# --- JUnit ---


def test_junit_counts_what_it_lists(sample, make):
    suites = ElementTree.fromstring(junit.render(sample, make.context()))
    cases = suites.findall("testsuite/testcase")
    assert len(cases) == sample.max_score == int(suites.get("tests"))
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suites.findall(f"testsuite/testcase/{tag}")) == int(suites.get(attribute))
        for suite in suites:
            assert len(suite.findall(f"testcase/{tag}")) == int(suite.get(attribute))
    assert sum(len(case) == 0 for case in cases) == sample.score


def test_a_stub_is_red_and_what_waits_is_skipped(make):
    stub = ElementTree.fromstring(junit.render(make.SAMPLES["empty"], make.context()))
    assert stub.get("failures") == stub.get("tests")
    partial = ElementTree.fromstring(junit.render(make.SAMPLES["partial"], make.context()))
    assert partial.find(".//skipped").get("message").endswith("waiting for “Number 2 is right”")
    assert partial.find(".//failure").get("type") == "drops_the_mask"
    assert partial.find(".//failure/..").get("line") == "12"


# --- Markdown ---


def tokens(text):
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or []


def test_a_page_has_no_link_image_or_html_in_it(sample, make):
    kinds = {token.type for token in tokens(markdown.render(sample, make.context()))}
    assert not kinds & {
        "html_inline",
        "html_block",
        "link_open",
        "image",
        "fence",
        "code_block",
        "blockquote_open",
        "hr",
    }


def test_a_page_tells_the_points_and_each_mistake_once(make):
    page = markdown.render(make.SAMPLES["several"], make.context())
    assert page.startswith("## `ana` · 1/14\n")
    assert "| 04 · Title of 04 | 1/6 |  |" in page
    assert "| 05 · Title of 05 | 0/4 | not started |" in page
    assert page.count("The mask was left out") == 1
    assert "`The numbers are wrong. got: [0.1, -0.2]`" in page
    assert "also: Number 4 is right" in page
    assert "waiting for “Number 2 is right”: 1 check" in page
    assert "SyntaxError" in page
    spanish = markdown.render(make.SAMPLES["several"], make.context("es"))
    assert "Falta la máscara" in spanish
    assert "sin empezar" in spanish
    assert "1 comprobación" in spanish


def test_a_page_stays_below_one_mebibyte_and_says_so(make):
    told = {"message": make.texts("x" * 5000)}
    checks = [make.check(n, "failed", **{**told, "function": f"f{n}"}) for n in range(100)]
    exercises = [make.exercise(f"{n:02}_name", checks) for n in range(100)]
    page = markdown.render(make.report(*exercises), make.context())
    assert 800_000 < len(page.encode()) < 2**20
    assert "Shortened" in page
    assert "| 99 · Title of 99 | 0/100 |  |" in page


# --- annotations ---


def test_annotations_point_at_the_students_own_lines(make):
    lines = annotate.render(make.SAMPLES["several"], make.context()).splitlines()
    assert lines[0] == (
        "::error file=exercises/04_softmax_predictions/softmax_predictions.py,line=12,title=04 · Number 2 is right"
        "::The mask was left out: pass it on.%0AThe numbers are wrong. got: [0.1, -0.2]"
    )
    assert lines[1].startswith("::error file=exercises/04_softmax_predictions/softmax_predictions.py,line=9,")
    assert lines[2].startswith(
        "::error file=exercises/08_best_answer_span/best_answer_span.py,line=3,title=08 · Title of 08"
    )
    assert len(lines) == 3


def test_what_is_missing_or_untouched_is_no_error_of_a_line(make):
    assert annotate.render(make.SAMPLES["empty"], make.context()) == ""
    assert annotate.render(make.SAMPLES["missing"], make.context()) == ""


def test_a_file_that_may_have_been_meant_is_told_its_right_name(make):
    message = make.texts("04/x.py was not handed in. Rename “X.py” if that is it.")
    checks = [make.check(1, "failed", message=message)]
    report = make.report(make.exercise("04_x", checks, "missing", message, file="exercises/04_x/X.py"))
    assert annotate.render(report, make.context()).startswith("::error file=exercises/04_x/X.py,title=04 ")
    for name in ("annotations", "markdown", "text", "gradescope", "junit", "csv"):
        assert "Rename “X.py” if that is it." in " ".join(FORMATS[name].render(report, make.context()).split())


@pytest.mark.parametrize(
    ("mistakes", "more"), [(9, None), (10, None), (11, "1 more mistake is"), (25, "15 more mistakes are")]
)
def test_the_tenth_error_is_the_last_and_a_warning_counts_the_rest(make, mistakes, more):
    checks = [make.check(n, "failed", message=make.texts(f"fact {n}"), line=n + 1) for n in range(mistakes)]
    lines = annotate.render(make.report(make.exercise("04_softmax_predictions", checks)), make.context()).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == min(mistakes, 10)
    assert [line for line in lines if line.startswith("::warning::")] == lines[10:]
    assert (more is None and len(lines) <= 10) or lines[10].startswith(f"::warning::{more}")


def test_hostile_text_adds_no_annotation(make):
    lines = annotate.render(make.SAMPLES["hostile"], make.context()).splitlines()
    assert len(lines) == 3  # two checks tell one fact
    assert all(re.match(r"::error file=[^,:]*,(line=\d+,)?title=[^,:]*::", line) for line in lines)


# --- CSV and text ---


def test_the_table_has_a_row_per_check_and_no_formula(sample, make):
    rows = list(csv.DictReader(io.StringIO(table.render(sample, make.context()))))
    assert len(rows) == sample.max_score
    assert sum(int(row["score"]) for row in rows) == sample.score
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values())


def test_the_text_is_plain_in_a_file_and_colored_in_a_terminal(make):
    assert "\x1b" not in terminal.render(make.SAMPLES["partial"], make.context())
    assert "\x1b[" in terminal.render(make.SAMPLES["partial"], make.context(color=True, environment={}))


def test_a_class_of_many_exercises_is_a_narrow_table(make):
    from rich.console import Console

    many = [make.exercise(f"{n:02}_a_rather_long_name", [make.check(1)]) for n in range(1, 24)]
    many[3] = make.unstarted("04_a_rather_long_name")
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(terminal.class_table([make.report(*many, name="[bold]::error::x[/bold]")], "en"))
    text = console.export_text()
    assert "[bold]::error::x[/bold]" in text, text
    assert "22/26" in text
    assert "· not started" in text
    assert all(f" {n:02} " in text for n in range(1, 24))
