"""GitHub Classroom's reporter reads what a runner step wrote, and its two totals agree with the report."""

import base64
import json
import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.report import ReportError
from grader.reports import classroom
from grader.reports.formats import append

REPORTER = "GRADER_CLASSROOM_REPORTER"  # the reporter's own bundle, dist/main.js


def outputs(report, make, language="en"):
    """Return the step's outputs by name, as the runner reads `$GITHUB_OUTPUT`."""
    lines = classroom.render(report, make.context(language)).splitlines()
    assert all(re.fullmatch(r"[a-z0-9]+=[A-Za-z0-9+/=,]+", line) for line in lines)
    return dict(line.split("=", 1) for line in lines)


def runners(report, make, language="en"):
    found = outputs(report, make, language)
    ids = found["runners"].split(",") if "runners" in found else ["result"]
    return {name: json.loads(base64.b64decode(found[name])) for name in ids}


def totals(results):
    """Return what the reporter prints: the total of its table, its points, and whether its step succeeds.

    As in its bundle: a runner's row is passed / total × max_score; points are the sum of the scores over the sum of
    max_score, runners without max_score left out; any runner that does not pass fails the step.
    """
    rows = [sum(t["status"] == "pass" for t in r["tests"]) / len(r["tests"]) * r["max_score"] for r in results]
    points = sum(t["score"] for r in results if r["max_score"] for t in r["tests"])
    succeeds = not any(r["status"] in ("fail", "error") for r in results)
    return sum(rows), sum(r["max_score"] for r in results), points, succeeds


def test_table_points_and_report_agree(sample, make):
    table, most, points, succeeds = totals(runners(sample, make).values())
    assert table == points == sample.score
    assert most == sample.max_score
    assert succeeds == (sample.score == sample.max_score)


@pytest.mark.parametrize("checks", range(1, 22))
def test_they_agree_for_every_score_of_an_exercise(make, checks):
    for passed in range(checks + 1):
        made = [make.check(n, "passed" if n < passed else "failed") for n in range(checks)]
        result = runners(make.report(make.exercise("04_softmax_predictions", made)), make)["result"]
        assert totals([result]) == (passed, checks, passed, passed == checks)


def test_every_field_has_the_type_that_the_reporter_counts_on(sample, make):
    for result in runners(sample, make).values():
        assert set(result) == {"version", "status", "max_score", "tests"}
        assert result["version"] == 1
        assert result["status"] in ("pass", "fail", "error")
        assert type(result["max_score"]) is int
        assert result["max_score"] == len(result["tests"]) > 0
        for test in result["tests"]:
            assert set(test) == {
                "name", "status", "score", "message", "test_code", "filename", "line_no", "duration"
            }  # fmt: skip
            assert test["status"] in ("pass", "fail", "error")
            assert type(test["score"]) is int
            assert test["score"] == (test["status"] == "pass")
            assert type(test["line_no"]) is int
            assert test["line_no"] == 0
            assert test["test_code"] == ""
            assert isinstance(test["duration"], int | float)
            assert all(isinstance(test[key], str) for key in ("name", "message", "filename"))
            assert test["name"]


def test_text_of_students_is_one_line_without_control_characters_or_commands(make):
    for result in runners(make.SAMPLES["hostile"], make).values():
        for test in result["tests"]:
            for text in (test["name"], test["message"], test["filename"]):
                assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)
                assert not text.lstrip().startswith("::")
                assert "##[" not in text


@pytest.mark.parametrize(("sample_name", "status"), [
    ("full", "pass"), ("partial", "fail"), ("empty", "fail"), ("missing", "fail"), ("crashed", "error"), ("fault", "error"),
])  # fmt: skip
def test_the_status_of_a_runner_says_whether_it_ran(make, sample_name, status):
    assert runners(make.SAMPLES[sample_name], make)["result"]["status"] == status


def test_one_exercise_is_the_output_result(make):
    assert list(outputs(make.SAMPLES["partial"], make)) == ["result"]


def test_several_exercises_have_ids_without_dashes_and_a_list(make):
    found = outputs(make.SAMPLES["several"], make)
    assert list(found) == ["ex04", "ex05", "ex08", "runners"]
    assert found["runners"] == "ex04,ex05,ex08"
    assert re.fullmatch(r"^([a-zA-Z0-9]+,)*[a-zA-Z0-9]+$", found["runners"])  # the reporter's own pattern


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, 20_000), checks=st.integers(1, 80))
def test_one_result_stays_below_60_kb(make, length, checks):
    made = [make.check(n, "failed", message=make.texts("ñ" * length)) for n in range(checks)]
    value = outputs(make.report(make.exercise("04_softmax_predictions", made)), make, "es")["result"]
    assert len(base64.b64decode(value)) <= 60_000
    assert len(value) < 128 * 1024
    assert json.loads(base64.b64decode(value))["max_score"] == checks


def test_what_the_contract_cannot_hold_is_an_error(make):
    with pytest.raises(ReportError, match="no checks"):
        classroom.render(make.report(make.exercise("04_softmax_predictions", [])), make.context())
    with pytest.raises(ReportError, match="at least one exercise"):
        classroom.render(make.report(), make.context())
    twice = [make.partial_exercise("04_one"), make.partial_exercise("04_two")]
    with pytest.raises(ReportError, match="one number"):
        classroom.render(make.report(*twice), make.context())
    with pytest.raises(ReportError, match="has no number"):
        classroom.render(make.report(make.partial_exercise("softmax")), make.context())
    many = [make.check(n, "failed") for n in range(2000)]
    with pytest.raises(ReportError, match="too many checks"):
        classroom.render(make.report(make.exercise("04_softmax_predictions", many)), make.context())


@pytest.mark.parametrize("before", ["", "version=3\n", "version=3", "text<<E\na\nE\n"])
def test_the_file_of_outputs_is_appended_to_on_a_line_of_its_own(tmp_path, before):
    file = tmp_path / "output"
    file.write_text(before)
    append(file, "result=abc\n")
    append(file, "other=d\n")
    assert (
        file.read_text() == (before if before.endswith("\n") or not before else f"{before}\n") + "result=abc\nother=d\n"
    )


def test_the_reporters_own_bundle_prints_the_same_totals(sample, make):
    bundle = os.environ.get(REPORTER)
    if not bundle:
        pytest.skip(f"{REPORTER} does not name the reporter's bundle (dist/main.js of autograding-grading-reporter)")
    found = outputs(sample, make)
    ids = found.pop("runners", "result")
    values = {f"{name.upper()}_RESULTS": value for name, value in found.items()}
    done = subprocess.run(
        ["node", Path(bundle)], env={"PATH": os.environ["PATH"], "INPUT_RUNNERS": ids, **values},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert f"::notice title=Autograding complete::Points {sample.score}/{sample.max_score}" in done.stdout
    assert re.search(rf"Total:\s*│\s*{sample.score}\s*│\s*{sample.max_score}\s*│", done.stdout)
    assert done.returncode == (0 if sample.score == sample.max_score else 1)
    ours = {"::notice title=Autograding complete", "::notice title=Autograding report", "::error::Some tests"}
    commands = [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]
    assert all(any(command.startswith(own) for own in ours) for command in commands)
