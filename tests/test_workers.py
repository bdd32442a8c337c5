"""Workers: what they are given, what they are not, and that they end."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.batch import grade_submissions
from grader.catalogue import ROOT
from grader.judge import subjects
from grader.judge.subjects import Bench, Call, Student
from grader.judge.workers import LOG_KEPT, GraderFault, Limits, WarmProcessLost, Workshop
from grader.submission import Handed, Submission
from grader.submission.reading import MAX_FILE

PROBE = """
import os, sys, resource, tempfile
import torch

def initial_environment():
    try:
        return open("/proc/self/environ").read()
    except PermissionError:
        return "closed"

def probabilities(what):
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "temporary": tempfile.gettempdir(),
        "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1],
        "path": list(sys.path),
        "modules": [name for name in sys.modules if name.startswith("grader")],
        "files": [str(getattr(module, "__file__", None)) for name, module in sys.modules.items() if name.startswith("grader")],
        "group": [os.getpid() == os.getpgid(0), os.getpid() == os.getsid(0)],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "threads": [torch.get_num_threads(), len(os.listdir("/proc/self/task"))],
        "main": sys.argv,
        "command": open("/proc/self/cmdline").read(),
        "initial": initial_environment(),
    }[what]
"""


@pytest.fixture(scope="module", params=["process", "full"])
def shop(request):
    with Workshop([], Limits(import_s=5, call_s=5, isolation=request.param)) as workshop:
        yield workshop


@pytest.fixture(scope="module")
def ask(shop, course):
    exercise = course["04_softmax_predictions"]
    os.environ["SECRET_OF_THE_JUDGE"] = "x"
    student = Student(shop, exercise, Handed({exercise.file: PROBE.encode()}))
    student.load()

    def ask(what):
        outcome = student.perform(Call.of("probabilities", (what,), {}, 1))
        assert outcome.kind == "value", outcome
        return outcome.value

    yield ask
    student.end()
    del os.environ["SECRET_OF_THE_JUDGE"]


def test_the_environment_is_constructed(ask):
    assert set(ask("environment")) <= {
        "HF_HOME", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS", "TRANSFORMERS_VERBOSITY",
        "TOKENIZERS_PARALLELISM", "PATH", "HOME", "USER", "TMPDIR", "LANG", "PIP_NO_INDEX", "PYTHONHASHSEED",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LC_CTYPE", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK",
        "TORCHINDUCTOR_CACHE_DIR", "GRADER_CHECKPOINTS",
    }  # fmt: skip
    assert "SECRET_OF_THE_JUDGE" not in ask("initial")


def test_the_environment_was_constructed_before_the_process_began(ask, shop):
    assert "HF_HOME=" in ask("initial") or shop.isolation.level != "process"


def test_a_worker_has_a_folder_and_a_group_of_its_own(ask):
    folder = ask("folder")
    assert folder == ask("temporary") == ask("environment")["HOME"]
    assert not folder.startswith(str(ROOT))
    assert ask("group") == [True, True]


def test_a_worker_has_no_descriptors_but_its_own(ask):
    assert ask("descriptors") == [0, 1, 2, 3]


def test_a_worker_computes_in_one_thread(ask):
    assert ask("threads") == [1, 1]


def test_a_worker_dumps_no_core(ask):
    assert ask("core") == 0


def test_no_path_of_the_course_is_known_to_a_worker(ask):
    known = [*ask("path"), *ask("files"), ask("command"), ask("initial")]
    packages = str(Path(sys.executable).parent.parent)
    assert not any(f"{ROOT}{os.sep}" in text.replace(packages, "") for text in known)
    rooms = {name.split(".")[1] for name in ask("modules") if "." in name}
    assert rooms <= {"wire", "notebooks", "worker", "checkpoints"}


def test_fresh_processes_grade_the_same(course):
    exercise = course["08_best_answer_span"]
    right = Submission("right", {exercise.slug: Handed({exercise.file: exercise.solution.read_bytes()})})
    (report,) = grade_submissions([right], [exercise], seed=3, start="fresh")
    assert report.score == report.max_score


def test_nothing_outlives_a_judge_that_is_killed(course, tmp_path):
    exercise = course["04_softmax_predictions"]
    module = tmp_path / exercise.file
    module.write_text("print('a sign of life', flush=True)\nwhile True: pass\n")
    command = [sys.executable, "-m", "grader", "grade", str(module), "--import-seconds", "200"]
    judge = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, stderr=subprocess.DEVNULL)
    while not any(b"a sign of life" in log.read_bytes() for log in tmp_path.glob("grader-*/logs/*")):
        with pytest.raises(subprocess.TimeoutExpired):
            judge.wait(0.1)
    pids = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _belongs(p, tmp_path)]
    assert len(pids) >= 2
    descriptors = [os.pidfd_open(pid) for pid in pids]
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    for descriptor in descriptors:
        assert select.select([descriptor], [], [], 30)[0], "a process outlived the judge"
        os.close(descriptor)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_judge_that_is_asked_to_end_leaves_no_folder(course, tmp_path, number):
    exercise = course["04_softmax_predictions"]
    module = tmp_path / exercise.file
    module.write_text("print('a sign of life', flush=True)\nwhile True: pass\n")
    command = [sys.executable, "-m", "grader", "grade", str(module), "--import-seconds", "200"]
    judge = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, stderr=subprocess.PIPE)
    while not any(b"a sign of life" in log.read_bytes() for log in tmp_path.glob("grader-*/logs/*")):
        with pytest.raises(subprocess.TimeoutExpired):
            judge.wait(0.1)
    judge.send_signal(number)
    _, told = judge.communicate(timeout=30)
    assert judge.returncode not in (0, 1, 2)
    assert b"Traceback" not in told
    assert not list(tmp_path.glob("grader-*"))


def _belongs(process, folder):
    """Whether the command line names `folder`: the environment of a worker is closed to others."""
    try:
        return str(folder / "grader-").encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


def test_a_warm_process_that_cannot_start_is_the_graders_fault():
    with (
        Workshop(["no/such-checkpoint"]) as broken,
        pytest.raises(GraderFault, match=r"did not start: .*checkpoint no/such-checkpoint"),
    ):
        broken.wait_until_warm()


def test_a_bench_whose_worker_ends_after_other_work_makes_the_call_again(shop, course):
    """A long run uses up its worker's CPU time: the answer that was due then is still the module's answer."""
    exercise, bench = course["04_softmax_predictions"], Bench(shop)
    source = "import os, signal, time\nbegan = time.monotonic()\ndef probabilities(what):\n"
    source += "    if what == 'dies': os.kill(os.getpid(), signal.SIGKILL)\n    return began\n"

    def ask(what):
        return bench.perform("mine", exercise, source, Call.of("probabilities", (what,), {}, 1), keep=False)

    first = ask("lives").value
    signal.pidfd_send_signal(bench._worker._pidfd, signal.SIGKILL)
    again = ask("lives")
    assert again.kind == "value"
    assert again.value != first
    assert ask("dies").kind == "crash"
    bench.end()


def test_a_warm_process_that_ends_costs_one_answer_its_verdict_and_no_point(course):
    """It may be ended for want of memory in the middle of a class."""
    exercise = course["04_softmax_predictions"]
    right = {exercise.slug: Handed({exercise.file: exercise.solution.read_bytes()})}
    submissions = [Submission(name, right) for name in ("first", "second", "third")]
    reports = []

    class Seen(Workshop):
        def hire(self, *args, **kwargs):
            worker = super().hire(*args, **kwargs)
            if len(reports) == 1 and not hasattr(self, "struck"):
                self.struck = True
                self._process.kill()
                self._process.wait()
            return worker

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.batch.Workshop", Seen)
        grade_submissions(submissions, [exercise], seed=3, finished=reports.append)
    first, second, third = (report.exercises[0] for report in reports)
    assert first.score == third.score == first.max_score
    assert second.status == "grader_error"
    assert "run the command again" in second.message["en"]


def test_a_worker_of_a_warm_process_that_ended_is_no_dead_student(course):
    exercise = course["04_softmax_predictions"]
    with Workshop([], Limits(isolation="process")) as shop:
        student = Student(shop, exercise, Handed({exercise.file: PROBE.encode()}))
        student.load()
        shop._process.kill()
        shop._process.wait()
        with pytest.raises(WarmProcessLost):
            student.perform(Call.of("probabilities", ("main",), {}, 1))
        assert student.perform(Call.of("probabilities", ("main",), {}, 1)).kind == "value"


def test_what_a_worker_printed_is_kept_in_part_once_it_ended(shop, course):
    exercise = course["04_softmax_predictions"]
    student = Student(shop, exercise, Handed({exercise.file: b"print('x' * 5_000_000)\ndef probabilities(): pass\n"}))
    student.load()
    student.end()
    assert student._worker._log.stat().st_size == LOG_KEPT
    assert student.output().startswith("xxx")


def test_results_that_are_much_together_are_too_large(shop, course, monkeypatch):
    monkeypatch.setattr(subjects, "MAX_KEPT", 3000)
    exercise = course["04_softmax_predictions"]
    source = b"import torch\ndef probabilities(n): return torch.zeros(250)\n"
    student = Student(shop, exercise, Handed({exercise.file: source}))
    outcomes = [student.perform(Call.of("probabilities", (number,), {}, 1)) for number in range(4)]
    student.end()
    assert [outcome.kind for outcome in outcomes] == ["value", "value", "value", "error"]
    assert outcomes[-1].error["bound"][0] == "bytes"


@pytest.mark.parametrize("record", [{"shape": [[0], 10**9]}, {"shape": "x"}, {"shape": None}, 3])
def test_what_a_worker_says_of_a_forward_pass_has_its_form(record):
    flags = {"training": False, "grad": False, "mask": True, "device": "cpu"}
    told = record if record == 3 else flags | record
    outcome = subjects.outcome_of({"value": 1, "forwards": [told]})
    assert outcome.kind == ("value" if told == flags | {"shape": None} else "crash")


def test_a_file_as_large_as_may_be_handed_in_reaches_the_worker(shop, course):
    exercise = course["04_softmax_predictions"]
    source = b"def probabilities(): return 1\nTEXT = '" + b"x" * (MAX_FILE - 60) + b"'\n"
    student = Student(shop, exercise, Handed({exercise.file: source}))
    student.load()
    student.end()
    assert list(student.functions) == ["probabilities"]


@pytest.mark.parametrize(
    "way",
    [
        "from transformers import pipeline as banned", "from transformers.pipelines import pipeline as banned",
        "import transformers\nbanned = transformers.pipeline", "from transformers import FillMaskPipeline as banned",
        "import transformers.pipelines\nbanned = transformers.pipelines.FillMaskPipeline",
    ],
)  # fmt: skip
def test_what_is_banned_is_banned_by_every_name(shop, course, way):
    exercise = course["04_softmax_predictions"]
    source = f"{way}\ndef probabilities(): banned('fill-mask', model='bert-base-uncased')\n"
    student = Student(shop, exercise, Handed({exercise.file: source.encode()}))
    outcome = student.perform(Call.of("probabilities", (), {}, 1))
    student.end()
    assert outcome.error["types"][0] == "BannedCall", outcome
