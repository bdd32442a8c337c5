"""Levels: found out by trying, told in every report, refused where more is required; and what the doctor says."""

import io
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.batch import grade_submissions
from grader.checkpoints import cache
from grader.cli.advice import System, advice
from grader.cli.doctor import examine
from grader.isolation import LAYERS, LINES, Isolation, nothing_shut
from grader.judge import confinement
from grader.judge.workers import GraderFault, IsolationRefused, Limits, Workshop
from grader.reports.terminal import feedback
from grader.submission import Handed, Submission

GRADE = [sys.executable, "-m", "grader", "grade", "solutions", "--exercise", "08", "--seed", "3"]
DOCTOR = [sys.executable, "-m", "grader", "doctor", "--format", "json"]
LESS = {  # options of machine.py: the level, the lines that are open, the layers that are named as missing
    "landlock": ("partial", {"file system"}, {"landlock"}),
    "seccomp": ("partial", {"network", "processes"}, {"seccomp"}),
    "namespaces": ("full", set(), {"namespaces", "bounded folder"}),
}


@pytest.mark.parametrize("user", [False, True], ids=["as it is", "as an ordinary user"])
@pytest.mark.parametrize("name", LESS)
def test_a_machine_that_offers_less_is_found_out(on_machine, shop, name, user):
    if shop.isolation.level != "full":
        pytest.skip(f"this machine offers {shop.isolation.level}: {'; '.join(shop.isolation.gaps)}")
    done = on_machine(DOCTOR, "--without", name, user=user)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    level, lines, layers = LESS[name]
    assert found["isolation"] == level
    assert _but_for_proc({line for line, state in found["lines"].items() if not state["shut"]}) == lines
    missing = {layer for layer, state in found["layers"].items() if not state["holds"]}
    assert missing - {"own user"} == layers
    assert all(found["layers"][layer]["next_step"] for layer in missing)


def _but_for_proc(open_lines):
    """Where files are open, so is /proc: it leads to the same user's processes, unless namespaces or Yama forbid it."""
    return open_lines - {"processes"} if "file system" in open_lines and "network" not in open_lines else open_lines


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="it takes root, and setpriv of util-linux")
def test_a_root_that_cannot_end_what_others_run_keeps_its_workers_its_own(on_machine):
    """As in a container that was started with fewer capabilities: nothing may be left that root cannot end."""
    few = ["setpriv", "--bounding-set", "-all,+chown,+dac_override,+fowner,+setuid,+setgid"]
    done = on_machine([*few, *DOCTOR], "--without", "namespaces")
    found = json.loads(done.stdout)
    assert found["layers"]["own user"]["reason"].startswith("this root lacks the capabilities")
    assert found["isolation"] == "full"


def test_a_machine_with_neither_has_the_process_line_alone(on_machine):
    done = on_machine(DOCTOR, "--without", "landlock", "--without", "seccomp")
    assert json.loads(done.stdout)["isolation"] == "process"


@pytest.mark.parametrize("user", [False, True], ids=["as it is", "as an ordinary user"])
def test_grading_goes_on_at_the_next_lower_level_and_says_so(on_machine, user):
    done = on_machine([*GRADE, "--format", "json"], "--without", "landlock", user=user)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["score"] == report["max_score"] > 0
    assert report["isolation"] == "partial"
    assert "file system: reads files outside its folder" in report["isolation_missing"]
    assert "landlock: not in this kernel" in report["isolation_missing"]


@pytest.mark.parametrize("required", ["full", "partial"])
def test_a_level_that_is_required_is_granted_or_refused(on_machine, required):
    done = on_machine([*GRADE, "--require-isolation", required], "--without", "landlock")
    if required == "partial":
        assert done.returncode == 0, done.stderr
        assert "isolation: partial, without file system" in " ".join(done.stdout.split())
        return
    assert done.returncode == 3
    assert done.stdout == ""
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("grader: isolation full is required, and here it is partial (open: file system")
    assert last.endswith("); run: grader doctor")


def test_an_ordinary_user_has_the_full_level_where_the_machine_offers_it(on_machine, shop):
    if shop.isolation.level != "full":
        pytest.skip(f"this machine offers {shop.isolation.level}: {'; '.join(shop.isolation.gaps)}")
    found = json.loads(on_machine(DOCTOR, user=True).stdout)
    assert found["isolation"] == "full"
    assert not found["system"]["root"]
    assert found["layers"]["own user"]["reason"] == "only root can change the user"


def test_without_landlock_an_ordinary_user_has_processes_open_over_proc(on_machine):
    """What is claimed is what was tried: the filter alone does not shut /proc, where the kernel lets a user in."""
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    if scope.exists() and scope.read_text().strip() != "0":
        pytest.skip("Yama shuts the memory of other processes here")
    less = ("--without", "landlock", "--without", "namespaces")
    found = json.loads(on_machine(DOCTOR, *less, user=True).stdout)
    assert found["lines"]["processes"]["what"] == "opens another process's memory"
    assert found["isolation"] == "partial"


def test_the_lines_hold_for_an_ordinary_user(on_machine):
    files = [str(Path(__file__).with_name(name)) for name in ("test_lines.py", "test_honest_work.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = on_machine(command, user=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout


@pytest.mark.parametrize(("level", "lines"), [("process", set(LINES)), ("partial", {"file system"})])
def test_a_level_that_was_chosen_by_hand_is_what_holds(level, lines):
    with Workshop([], Limits(isolation=level)) as shop:
        isolation = shop.settle()
        assert isolation.level == level
        assert _but_for_proc(set(isolation.open)) == lines
        assert isolation.missing["landlock"] == "not asked for"
        shop.hire().end()


def test_what_is_required_is_checked_before_anybody_is_hired():
    with Workshop([], Limits(isolation="process", require="full")) as shop, pytest.raises(IsolationRefused):
        shop.hire()


def test_a_worker_in_which_less_holds_than_in_the_first_is_the_graders_fault():
    with Workshop([], Limits(isolation="partial")) as shop:
        shop.settle()
        shop._isolation = replace(shop._isolation, layers=())  # as if the filter had gone away
        with pytest.raises(GraderFault, match=r"was not shut in as the first one was \(network: opens a socket"):
            shop.hire()


def test_a_suite_under_a_folder_that_workers_read_opens_the_file_system(monkeypatch):
    """An installation that is not editable puts the suites beside the packages."""
    monkeypatch.setattr(confinement, "canaries", lambda room: [str(room / "canary"), pytest.__file__])
    with Workshop([]) as shop:
        isolation = shop.settle()
    if isolation.level == "process":
        pytest.skip("this machine offers the process line alone")
    assert isolation.open["file system"] == "reads files outside its folder"


def test_no_folder_of_the_course_is_among_what_workers_read(tmp_path):
    root = Path(confinement.__file__).resolve().parents[2]
    for path in map(Path, confinement.readable(tmp_path, cache.home())):
        assert not root.is_relative_to(path)
        assert not path.is_relative_to(root) or "site-packages" in path.parts or path == tmp_path


@pytest.mark.parametrize(
    ("open_lines", "level"),
    [((), "full"), (("network",), "partial"), (("file system", "network"), "partial"), (LINES, "process")],
)
def test_the_level_counts_lines_and_not_layers(open_lines, level):
    isolation = Isolation(LAYERS, {}, dict.fromkeys(open_lines, "it went through"))
    assert isolation.level == level
    assert [isolation.reaches(other) for other in ("process", "partial", "full")] == [
        True, level != "process", level == "full",
    ]  # fmt: skip


SYSTEMS = [
    System(linux=linux, root=root, container=container, switch=switch)
    for linux in (True, False)
    for root in (True, False)
    for container in (True, False)
    for switch in (None, "sudo sysctl -w user.max_user_namespaces=10000")
]


@pytest.mark.parametrize("layer", LAYERS)
def test_every_missing_layer_has_a_next_step(layer):
    for system in SYSTEMS:
        for reason in (
            "not in this kernel",
            "switched off in this kernel",
            "blocked here",
            "/root is closed to other users",
        ):
            step = advice(layer, reason, system)
            assert step
            assert "\n" not in step
            assert system.linux or "Linux" in step


def test_a_closed_switch_is_told_with_the_command_that_opens_it():
    system = System(linux=True, root=False, container=False, switch="sudo sysctl -w user.max_user_namespaces=10000")
    assert system.switch in advice("namespaces", "unshare: operation not permitted", system)


def test_the_doctor_speaks_to_people(run_grader):
    done = run_grader("doctor")
    assert done.returncode == 0
    for word in (*LINES, *LAYERS, "isolation:", "torch", "checkpoints"):
        assert word in done.stdout
    assert done.stderr == ""


def test_the_doctor_names_the_same_things_to_programs():
    found = examine(nothing_shut("Darwin has neither"))
    assert found["schema"] == "grader/doctor/v1"
    assert set(found["lines"]) == set(LINES)
    assert set(found["layers"]) == set(LAYERS)
    assert {"grader", "python", "torch", "transformers"} == set(found["versions"])
    assert found["system"]["root"] == (os.geteuid() == 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_report_at_a_partial_level_names_the_open_lines(language, course):
    exercise = course["08_best_answer_span"]
    right = Submission("right", {exercise.slug: Handed({exercise.file: exercise.solution.read_bytes()})})
    (report,) = grade_submissions([right], [exercise], seed=3, limits=Limits(isolation="partial"))
    assert report.score == report.max_score
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(feedback(report, language))
    said = {"en": "isolation: partial, without file system", "es": "aislamiento: parcial, sin sistema de archivos"}
    assert said[language] in console.export_text()
