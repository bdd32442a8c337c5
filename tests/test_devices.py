"""The device of student code, without one: what reaches the worker, where things are put, and what is said if it fails.

The meta device stands in for a GPU where a test asks where something is; a fake answer, where one asks what counts.
"""

import io
import itertools
import json
import socket

import numpy as np
import pytest
import torch
from rich.console import Console
from transformers import AutoTokenizer

from grader.authoring.matrix import matrix
from grader.authoring.verify import Proof, Row
from grader.batch import grade_submissions
from grader.catalogue import CourseError, load_course
from grader.checkpoints import variants
from grader.judge import bank, runner
from grader.judge.compare import CUDA_FLOAT32, Tolerance, in_force, on_device
from grader.judge.draws import sentences
from grader.judge.subjects import Bench, Call, Student
from grader.judge.suite import Models
from grader.judge.workers import Limits, Workshop, worker_environment
from grader.reports import terminal
from grader.submission import Handed, Submission
from grader.worker import devices, limits, pretend, zygote
from grader.worker.limits import Policy
from grader.worker.makers import Maker

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
WHERE = """
import torch

def places(value):
    if isinstance(value, (list, tuple)):
        return [places(item) for item in value]
    if hasattr(value, "input_ids"):
        return sorted({item.device.type for item in value.values() if hasattr(item, "device")})
    if isinstance(value, dict):
        return {key: places(item) for key, item in value.items()}
    return value.device.type if hasattr(value, "device") else type(value).__name__

def pick_device(*args):
    return places(args)

def move():
    return torch.cuda.is_initialized()
"""


@pytest.fixture(scope="module")
def exercise(course):
    return course["18_devices"]


@pytest.fixture(scope="module")
def far_shop():
    """A workshop whose students are on the meta device, and the policies with which its workers were started."""
    policies = []
    fork = Workshop._fork

    def noted(self, policy, *rest):
        policies.append(policy)
        return fork(self, policy, *rest)

    with pytest.MonkeyPatch.context() as patch, Workshop([SST2], Limits(device="meta")) as shop:
        patch.setattr(Workshop, "_fork", noted)
        yield shop, policies


@pytest.fixture(scope="module")
def call(far_shop, exercise):
    """Call a function of a student's on the meta device and return its value."""
    student = Student(far_shop[0], exercise, Handed({exercise.file: WHERE.encode()}))

    def call(function, *args):
        outcome = student.perform(Call.of(function, args, {}, 1))
        assert outcome.kind == "value", outcome
        assert outcome.changed == ()
        return outcome.value

    yield call
    student.end()


def grade(exercise, *sources, device="cpu"):
    answers = [Submission("ana", {exercise.slug: Handed({exercise.file: source.encode()})}) for source in sources]
    return grade_submissions(answers, [exercise], seed=5, limits=Limits(device=device))


def test_the_device_reaches_the_policy_of_the_students_worker_and_not_that_of_the_reference(far_shop, exercise):
    shop, policies = far_shop
    policies.clear()
    Student(shop, exercise, Handed({exercise.file: WHERE.encode()})).load()
    bench = Bench(shop)
    bench.perform("x", exercise, WHERE, Call.of("move", (), {}, 1))
    assert [policy["device"] for policy in policies if not policy["trial"]] == ["meta", "cpu"]


def test_a_students_models_encodings_and_tensors_are_on_the_device(call):
    rng = np.random.default_rng(0)
    models = Models(rng)
    tokenizer, numbers = models.tokenizer(SST2), np.zeros(3, dtype=np.float32)
    encoding = models.encoding(tokenizer, sentences(rng, 2))
    assert call("pick_device", models.twin(SST2), encoding, numbers) == ["meta", ["meta"], "meta"]
    assert call("pick_device", [numbers, {"x": numbers}]) == [["meta", {"x": "meta"}]]
    assert call("pick_device", tokenizer, 3, "text")[1:] == ["int", "str"]


def test_a_copied_encoding_still_says_how_many_sequences_it_has():
    models = Models(np.random.default_rng(0))
    tokenizer = models.tokenizer(SST2)
    made = [Maker().make(models.encoding(tokenizer, ["a b"], pairs)) for pairs in (None, ["c"])]
    assert [encoding.n_sequences for encoding in made] == [1, 2]


def test_what_a_suite_has_placed_stays_there(call):
    rng = np.random.default_rng(0)
    models = Models(rng)
    here = models.moved(models.encoding(models.tokenizer(SST2), sentences(rng, 2)), "cpu")
    made_of_it = models.with_entries(here, texts=["a"]), models.on_machine(here, 1)
    assert call("pick_device", here, *made_of_it) == [["cpu"]] * 3
    assert call("pick_device", models.moved(models.twin(SST2), "cpu")) == ["cpu"]


def test_a_call_that_draws_stays_on_the_cpu(call):
    models = Models(np.random.default_rng(0))
    assert call("pick_device", np.zeros(3, dtype=np.float32), models.generator()) == ["cpu", "cpu"]


def test_cuda_is_not_started_in_the_warm_process(call):
    assert call("move") is False


def test_a_fork_after_cuda_was_started_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        zygote._fork(theirs, {}, [], set())
        assert json.loads(ours.recv(1000)) == {
            "error": "the warm process has started CUDA; a fork of it could not use it"
        }


def test_the_memory_limit_holds_on_every_device_but_cuda(monkeypatch):
    import resource

    wanted = []
    monkeypatch.setattr(resource, "setrlimit", lambda limit, _: wanted.append(limit))
    for device in ("cpu", "meta", "cuda"):
        limits.set_limits(Policy("/", device))
    assert wanted.count(resource.RLIMIT_AS) == 2
    assert wanted.count(resource.RLIMIT_CPU) == 3


def test_a_worker_on_cuda_is_told_which_devices_to_use_and_computes_in_float32(monkeypatch, tmp_path):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert worker_environment(tmp_path, tmp_path, Limits(device="cuda")).items() >= {
        ("CUDA_VISIBLE_DEVICES", "1"),
        ("NVIDIA_TF32_OVERRIDE", "0"),
    }
    assert not any("CUDA" in name for name in worker_environment(tmp_path, tmp_path, Limits()))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
def test_cuda_without_a_device_is_one_line_that_says_what_to_do(run_grader, exercise):
    done = run_grader("grade", exercise.solution, "--device", "cuda")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("grader: --device cuda: ")
    assert "without CUDA" in line or "no CUDA device" in line
    assert "grade with --device cpu" in line


def test_another_device_than_these_is_wrong_usage(run_grader, exercise):
    done = run_grader("grade", exercise.solution, "--device", "tpu")
    assert done.returncode == 2
    assert "'cpu', 'cuda'" in done.stderr


def test_a_device_that_cannot_be_used_says_why(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("CUDA error: out of memory\nlong explanation")

    monkeypatch.setattr(torch, "ones", broken)
    assert devices.start("meta") == "the device meta cannot be used (CUDA error: out of memory)"
    monkeypatch.undo()
    assert devices.start("meta") is devices.start("cpu") is None


def test_checks_that_need_a_gpu_are_left_out_elsewhere_and_the_report_says_so(exercise):
    right = exercise.solution.read_text()
    to_the_cpu = right.replace("return enc.to(device)", 'model.to("cpu")\n    return enc')
    report, other = grade(exercise, right, to_the_cpu)
    result = report.exercises[0]
    assert report.device == "cpu"
    assert (result.score, result.max_score, result.needs_gpu) == (12, 12, 3)
    text = io.StringIO()
    Console(file=text, width=100).print(terminal.feedback(report, "en"))
    assert "only on a CUDA device, not part of this grade: 3 checks" in text.getvalue()
    assert "seed 5 · device: cpu" in text.getvalue()
    # torch says NotImplementedError too, of an operation that the meta device lacks: no step that is not started.
    statuses = {check.id: check.status for check in other.exercises[0].checks}
    assert statuses["test_every_tensor_goes_where_the_model_is"] == "failed"
    assert "not_started" not in statuses.values()


def test_checks_that_need_a_gpu_count_where_there_is_one(exercise, monkeypatch):
    monkeypatch.setattr(runner, "GPU_DEVICES", ("cuda", "cpu"))
    right = exercise.solution.read_text()
    wrong = right.replace('torch.device("cuda" if torch.cuda.is_available() else "cpu")', 'torch.device("meta")')
    right, wrong = (report.exercises[0] for report in grade(exercise, right, wrong))
    assert (right.score, right.max_score, right.needs_gpu) == (15, 15, 0)
    statuses = {check.id: check.status for check in wrong.checks}
    assert statuses["test_on_a_real_gpu"] == "failed"
    assert statuses["test_in_half_precision"] == "waiting"


def test_mistakes_on_another_device_are_named_beside_the_student_and_expected_values_stay_on_the_cpu(
    course, monkeypatch
):
    """The workers of "cuda" are told to use the CPU: everything else is as on a machine that has a GPU."""
    hired = []
    hire = Workshop.hire

    def pretended(self, files=None, memory_mib=None, device="cpu"):
        hired.append((device, "student" if files else "bench"))
        return hire(self, files, memory_mib)

    monkeypatch.setattr(Workshop, "hire", pretended)
    exercise = course["08_best_answer_span"]
    mistake = next(mistake for mistake in bank.mistakes(exercise))
    (report,) = grade(exercise, mistake.source_code, device="cuda")
    assert mistake.name in {check.mistake for check in report.exercises[0].checks}
    assert report.device == "cuda"
    assert "memory" in report.isolation_missing
    assert set(hired) == {("cuda", "bench"), ("cuda", "student"), ("cpu", "bench")}


GPU_SUITE = '''
import pytest


def test_here(student):
    """Here.

    es: Aquí.
    """


@pytest.mark.gpu
@pytest.mark.rests_on("test_here")
def test_there(student):
    """There.

    es: Allí.
    """
'''


NUMBERS = itertools.count(70)  # pytest keeps a suite's module by its path inside the course: each toy has its own


@pytest.fixture
def toy(tmp_path):
    slug = f"{next(NUMBERS)}_toy"
    files = {
        f"solutions/{slug}/toy.py": "def f():\n    # TODO 1: one.\n    return 1\n",
        f"solutions/{slug}/exercise.toml": 'en = "a"\nes = "b"\nlesson = "c"\ndifficulty = 1\nminutes = 1\nat_home = "gpt2"\n',
        f"grader/hidden/{slug}/suite.py": GPU_SUITE,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return load_course(tmp_path)[slug]


@pytest.mark.parametrize(
    ("device", "ids", "left_out"), [("cpu", ["test_here"], 1), ("cuda", ["test_here", "test_there"], 0)]
)
def test_the_device_of_a_run_decides_which_checks_a_suite_has(toy, device, ids, left_out):
    def collected(suites):
        return [check.id for check in suites.checks[toy.slug]], suites.needs_gpu[toy.slug]

    assert runner.run_suites([toy], collected, device) == (ids, left_out)


def test_a_check_for_every_device_cannot_rest_on_one_that_needs_a_gpu(toy):
    swapped = GPU_SUITE.replace("@pytest.mark.gpu\n", "").replace("def test_here", "@pytest.mark.gpu\ndef test_here")
    toy.suite.write_text(swapped)
    with pytest.raises(CourseError, match="test_there rests on test_here, which is no check above it"):
        runner.run_suites([toy], lambda suites: suites)


def test_a_spanish_title_that_goes_on_below_its_line_is_refused(toy):
    toy.suite.write_text(GPU_SUITE.replace("es: Aquí.", "es: Aquí está\n    todo."))
    with pytest.raises(CourseError, match="test_here has a Spanish title that does not end: 'Aquí está'"):
        runner.run_suites([toy], lambda suites: suites)


def test_a_proof_says_which_checks_it_did_not_look_at(toy):
    run = runner.Run(runner.Check("test_here", {}), "passed")
    proof = Proof(toy, ["test_here"], [Row("solution", "solution", (run,))], needs_gpu=2)
    text = io.StringIO()
    Console(file=text, width=100).print(matrix(proof))
    assert "+  2 that need a CUDA device and are not part of this proof" in text.getvalue()


def test_the_tolerance_of_cuda_lies_above_the_noise_of_float32():
    """Two devices are as far apart as both are from float64, at most; near 0 the absolute part is all there is."""
    rng = np.random.default_rng(1)
    noise = 0.0
    for name, head in (
        (SST2, "sequence-classification"),
        ("gpt2", "causal-lm"),
        ("bert-base-uncased", None),
        ("google/mt5-small", "seq2seq-lm"),
    ):
        tokenizer = AutoTokenizer.from_pretrained(name, **({"pad_token": "<|endoftext|>"} if name == "gpt2" else {}))
        for seed in range(3):
            model = variants.variant(name, head, seed=seed)
            inputs = tokenizer(sentences(rng, 4), padding=True, return_tensors="pt")
            more = {"decoder_input_ids": inputs["input_ids"]} if model.config.is_encoder_decoder else {}
            with torch.no_grad():
                single, double = model(**inputs, **more)[0], model.double()(**inputs, **more)[0]
            gaps = (single.double() - double).abs() / double.abs().clamp(min=1)
            noise = max(noise, gaps.max().item())
    assert noise > 1e-7
    assert 2 * noise < min(CUDA_FLOAT32.relative, CUDA_FLOAT32.absolute)


def test_the_tolerance_of_the_device_holds_where_a_suite_states_a_tighter_one():
    assert in_force(Tolerance(0.0, 1e-5)) == Tolerance(0.0, 1e-5)
    with on_device("cuda"):
        assert in_force(Tolerance()) == CUDA_FLOAT32
        assert in_force(Tolerance(2e-2, 1e-5)) == Tolerance(2e-2, CUDA_FLOAT32.absolute)
        assert in_force(Tolerance(1e-4, 1e-9)) == Tolerance(CUDA_FLOAT32.relative, 1e-9)
    assert in_force(Tolerance()) == Tolerance()


def far(rows):
    return pretend.Far(torch.tensor(rows))


@pytest.mark.parametrize(
    "read",
    [
        lambda x: x.argmax(-1).tolist(),
        lambda x: [int(row.argmax()) for row in x],
        lambda x: [row.argmax().item() for row in x],
        lambda x: x.cpu().numpy().argmax(-1).tolist(),
        lambda x: x.to("cpu", torch.float64).max(dim=1).indices.tolist(),
        lambda x: x.softmax(-1).topk(1).indices.squeeze(-1).tolist(),
        lambda x: torch.zeros(2, dtype=torch.long).copy_(x.argmax(-1)).tolist(),
        lambda x: x.numpy(force=True).argmax(-1).tolist(),
    ],
)
def test_a_far_tensor_gives_its_values_in_every_way_that_a_gpu_does(read):
    assert read(far([[0.0, 2.0, 1.0], [5.0, -1.0, 3.0]])) == [1, 0]


@pytest.mark.parametrize(
    "use",
    [
        lambda x: x.numpy(),
        lambda x: np.asarray(x),
        lambda x: x + torch.ones(3),
        lambda x: torch.stack([x[0], torch.ones(3)]),
    ],
)
def test_a_far_tensor_refuses_what_a_gpu_refuses(use):
    with pytest.raises((TypeError, RuntimeError), match="meta"):
        use(far([[0.0, 2.0, 1.0]]))


def test_a_pretended_machine_answers_every_question_alike_and_is_gone_afterwards():
    before = torch.cuda.is_available(), torch.cuda.device_count()
    for count in (0, 2):
        with pretend.machine(count):
            assert torch.cuda.is_available() == torch.accelerator.is_available() == (count > 0)
            assert torch.cuda.device_count() == torch.accelerator.device_count() == count
            assert (torch.accelerator.current_accelerator() is None) == (count == 0)
            assert not torch.backends.mps.is_available()
    assert (torch.cuda.is_available(), torch.cuda.device_count()) == before
