"""`grader grade` in many formats at once: one grading, the same points everywhere, and the exit code that is stated."""

import base64
import csv
import io
import json
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.report import ReportError
from grader.reports.format import Context
from grader.reports.formats import destinations, write

ROOT = Path(__file__).resolve().parents[2]
SLUG, FILE = "04_softmax_predictions", "softmax_predictions.py"
RAISES = """import torch


def probabilities(logits, multi_label=False):
    # TODO 1: the labels of each row compete
    raise ValueError("::error::made by a student")


def predict(model, tokenizer, texts, threshold=0.5):
    # TODO 2: evaluation mode
    raise NotImplementedError("TODO 2")
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with one exercise: a function that raises on line 6, and one that is not started, TODO on line 10."""
    root = tmp_path_factory.mktemp("student")
    module = root / "exercises" / SLUG / FILE
    module.parent.mkdir(parents=True)
    module.write_text(RAISES)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def run(repository, run_grader):
    """One run in all formats, as a workflow makes it."""
    (repository / "output").write_text("before=1")
    (repository / "summary").write_text("# before\n")
    environment = {"GITHUB_OUTPUT": str(repository / "output"), "GITHUB_STEP_SUMMARY": str(repository / "summary")}
    also = (
        "junit=junit.xml",
        "json=report.json",
        "csv=checks.csv",
        "gradescope=results.json",
        "annotations=-",
        "markdown=summary",
    )
    arguments = [part for each in also for part in ("--also", each)]
    return run_grader(
        "grade", repository, "--exercise", "04", "--seed", 3, "--format", "classroom", "--output",
        repository / "output", *arguments, cwd=repository, env=environment,
    )  # fmt: skip


def test_one_run_gives_the_same_points_in_every_format(repository, run):
    assert run.returncode == 0, run.stderr
    report = json.loads((repository / "report.json").read_text())
    points = (report["score"], report["max_score"])
    assert points == (0, 12)
    before, result = (repository / "output").read_text().splitlines()
    assert before == "before=1"
    runner = json.loads(base64.b64decode(result.removeprefix("result=")))
    assert (sum(test["score"] for test in runner["tests"]), runner["max_score"]) == points
    suites = ElementTree.parse(repository / "junit.xml").getroot()
    assert len(suites.findall(".//testcase")) == points[1]
    rows = list(csv.DictReader(io.StringIO((repository / "checks.csv").read_text())))
    assert (sum(int(row["score"]) for row in rows), len(rows)) == points
    results = json.loads((repository / "results.json").read_text())
    assert (results["score"], sum(test["max_score"] for test in results["tests"])) == points
    summary = (repository / "summary").read_text()
    assert summary.startswith("# before\n## `student")
    assert "· 0/12\n" in summary


def test_the_lines_are_those_of_the_students_file(repository, run):
    path = f"exercises/{SLUG}/{FILE}"
    assert f"::error file={path},line=6,title=04 · " in run.stdout
    assert [line for line in run.stdout.splitlines() if line.lstrip().startswith("::error::")] == []
    (exercise,) = json.loads((repository / "report.json").read_text())["exercises"]
    assert exercise["file"] == path
    places = {check["status"]: check["line"] for check in exercise["checks"]}
    assert places["failed"] == 6
    assert places["not_started"] == 10


@pytest.mark.parametrize(("source", "line"), [("import torch\n\ndef f(:\n", 3), ("import torch\n\n\n1 / 0\n", 4)])
def test_a_module_that_cannot_be_run_has_its_line_too(tmp_path, run_grader, source, line):
    path = tmp_path / FILE
    path.write_text(source)
    done = run_grader("grade", path, "--format", "annotations")
    assert f"file={FILE},line={line}," in done.stdout
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(("arguments", "code"), [
    (("--fail-under", "0"), 0), (("--fail-under", "0.5"), 1), (("--format", "junit", "--fail-under", "100"), 1),
])  # fmt: skip
def test_the_exit_code_is_the_same_in_every_format(repository, run_grader, arguments, code):
    assert run_grader("grade", repository, "--exercise", "04", "--seed", 3, *arguments).returncode == code


@pytest.mark.parametrize(("arguments", "line"), [
    (("--format", "pdf"), "there is no format 'pdf'; there are text, json, classroom,"),
    (("--also", "pdf=x"), "there is no format 'pdf'"),
    (("--also", "junit"), "'junit' is no FORMAT=FILE, such as junit=report.xml"),
    (("--also", "junit=nowhere/x.xml"), "nowhere is not a folder; make it first"),
    (("--format", "classroom", "--output", ""), ". is a folder; name the file that the classroom report goes to"),
    (("--also", "junit=same", "--also", "json=same"), "two reports would go to same"),
    (("--format", "classroom50"), "the classroom50 format needs CLASSROOM, ASSIGNMENT, ASSIGNMENT_TYPE, OWNER"),
])  # fmt: skip
def test_what_cannot_be_written_is_told_before_anything_is_graded(repository, run_grader, arguments, line):
    done = run_grader("grade", repository, "--exercise", "04", *arguments, cwd=repository)
    assert done.returncode == 2
    assert line in done.stderr
    assert done.stderr.startswith("grader: ")
    assert len(done.stderr.splitlines()) == 1


def test_nothing_is_written_if_one_format_fails(tmp_path, make):
    places = destinations("json", tmp_path / "report.json", [f"classroom={tmp_path}/output"])
    with pytest.raises(ReportError):
        write(make.report(make.exercise("04_softmax_predictions", [])), places, Context())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_one_line(make):
    with pytest.raises(ReportError, match=r"^/dev/full: the junit report was not written: "):
        write(make.SAMPLES["full"], destinations("junit", "/dev/full", []), Context())


def test_files_that_every_step_writes_to_are_never_truncated(tmp_path, make):
    summary, other = tmp_path / "summary", tmp_path / "other"
    summary.write_text("kept")
    other.write_text("replaced")
    places = destinations("markdown", summary, [f"markdown={other}"])
    write(make.SAMPLES["partial"], places, Context(environment={"GITHUB_STEP_SUMMARY": str(summary)}))
    assert summary.read_text().startswith("kept\n## `ana`")
    assert other.read_text().startswith("## `ana`")


def test_standard_output_holds_no_command_but_ours(capsys, make):
    write(make.SAMPLES["hostile"], destinations("text", None, ["junit=-", "markdown=-", "csv=-", "json=-"]), Context())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 50
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines)


@pytest.mark.parametrize(
    ("encoding", "arguments"),
    [("cp1252", ("list", "--lang", "es")), ("ascii", ("doctor",)), ("ascii", ("check", "04", "--lang", "es"))],
)
def test_a_sign_that_the_encoding_cannot_hold_is_shown_as_another(run_grader, arguments, encoding):
    done = run_grader(*arguments, env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_report_in_any_encoding_keeps_its_exit_code(repository, run_grader, encoding):
    arguments = ("grade", repository, "--exercise", "04", "--seed", 3, "--isolation", "process", "--lang", "es")
    done = run_grader(*arguments, env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert f"{FILE}, l?nea 6" in done.stdout.replace("í", "?")


@pytest.mark.skipif(sys.platform == "win32", reason="closes a file descriptor in a shell")
@pytest.mark.parametrize("arguments", ["list", "grade solutions"])
def test_a_closed_standard_output_is_one_line(arguments):
    command = f"{shlex.quote(sys.executable)} -m grader {arguments} >&-"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "standard output is closed; send it to a file" in done.stderr
