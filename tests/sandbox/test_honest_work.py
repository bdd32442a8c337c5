"""What students need still works for a worker that is shut in."""

import numpy as np
import pytest

from grader import wire
from grader.judge.subjects import Call, call_request, load_request
from grader.judge.workers import WorkerDied

HONEST = """
import asyncio, csv, datetime, gc, json, os, random, shutil, tempfile, threading, time, zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch


def lazy_imports():
    import sqlite3, unittest, xml.dom.minidom, zoneinfo
    from transformers import DebertaV2Config, ViTConfig
    import accelerate.utils
    return DebertaV2Config(num_hidden_layers=1).num_hidden_layers


def saves_and_loads_tensors():
    torch.save({"a": torch.arange(3)}, "t.pt")
    return torch.load("t.pt")["a"].tolist()


def saves_and_loads_a_model():
    from transformers import AutoModelForCausalLM, AutoTokenizer
    model = AutoModelForCausalLM.from_pretrained("gpt2")
    model.save_pretrained("mine")
    AutoTokenizer.from_pretrained("gpt2").save_pretrained("mine")
    again = AutoModelForCausalLM.from_pretrained("mine")
    return all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters()))


def device_map():
    from transformers import AutoModel
    return str(AutoModel.from_pretrained("bert-base-uncased", device_map="auto").device.type)


def generates():
    from transformers import AutoModelForCausalLM, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained("gpt2")
    model = AutoModelForCausalLM.from_pretrained("gpt2")
    return len(model.generate(**tokenizer("Hello", return_tensors="pt"), max_new_tokens=5, do_sample=True)[0]) > 1


def pipeline():
    from transformers import pipeline
    return len(pipeline("fill-mask", model="bert-base-uncased")("Paris is [MASK].")) == 5


def trains():
    from transformers import AutoModelForSequenceClassification
    model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
    out = model(input_ids=torch.ones(2, 5, dtype=torch.long), labels=torch.tensor([0, 1]))
    out.loss.backward()
    torch.optim.AdamW(model.parameters()).step()
    return bool(torch.isfinite(out.loss))


def threads():
    torch.set_num_threads(2)
    big = torch.randn(512, 512)
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda n: (big @ big).shape[0] * 0 + n, range(4)))


def event_loop():
    async def later():
        await asyncio.sleep(0)
        return await asyncio.to_thread(lambda: 7)
    return asyncio.run(later())


def files():
    Path("a.txt").touch()
    Path("a.txt").write_text("x")
    shutil.copy("a.txt", "b.txt"), shutil.copy2("a.txt", "c.txt"), shutil.move("b.txt", "d.txt")
    os.makedirs("one/two"), os.rename("c.txt", "one/two/c.txt"), os.replace("d.txt", "a.txt")
    with zipfile.ZipFile("z.zip", "w") as archive:
        archive.write("a.txt")
    shutil.unpack_archive("z.zip", "out")
    shutil.copytree("one", "three")
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile("w", dir=folder) as file:
        csv.writer(file).writerow([1])
    os.truncate("a.txt", 0)
    shutil.rmtree("three")
    return sorted(path.as_posix() for path in Path().rglob("*.txt"))


def reads_what_was_handed_in():
    return Path("note.txt").read_text()


def system():
    datetime.datetime.now().astimezone(), time.localtime(), random.SystemRandom().random(), os.cpu_count()
    torch.__config__.parallel_info(), np.random.default_rng().random(), gc.collect()
    return len(os.listdir("/proc/self/task")) > 0 and os.getpid() > 0 and Path.home() == Path.cwd()


def names_and_bars():
    import getpass, platform, uuid
    from tqdm import tqdm
    platform.platform(), platform.processor(), uuid.uuid4()
    return [getpass.getuser(), *tqdm(range(2))]


def interrupts_itself():
    import signal
    caught = []
    signal.signal(signal.SIGALRM, lambda *_: caught.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
    os.kill(os.getpid(), 0)
    return caught


def compares_memory():
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0 and resource.getrlimit(resource.RLIMIT_CPU)[0] > 0


def probabilities(name):
    return globals()[name]()
"""
EXPECTED = {
    "lazy_imports": 1,
    "saves_and_loads_tensors": [0, 1, 2],
    "saves_and_loads_a_model": True,
    "device_map": "cpu",
    "generates": True,
    "pipeline": True,
    "trains": True,
    "threads": [0, 1, 2, 3],
    "event_loop": 7,
    "files": ["a.txt", "note.txt", "one/two/c.txt", "out/a.txt"],
    "reads_what_was_handed_in": "a neighbour's work",
    "system": True,
    "names_and_bars": ["student", 0, 1],
    "interrupts_itself": [1],
    "compares_memory": True,
}


@pytest.fixture(scope="module")
def honest(hire):
    return hire(HONEST)


@pytest.mark.parametrize("name", EXPECTED)
def test_honest_code_works(honest, ask, name):
    assert ask(honest, name) == EXPECTED[name]


def test_what_a_call_was_given_is_gone_when_the_next_one_runs(shop, course):
    source = """
import gc
import torch

def probabilities(x, secret):
    return sum(1 for thing in gc.get_objects() if isinstance(thing, torch.Tensor) and 424242 in thing.flatten().tolist())
"""
    exercise = course["04_softmax_predictions"]
    worker = shop.hire({exercise.file: source.encode()})
    worker.ask(load_request("student", exercise, source, exercise.file, False), 20)
    made = wire.Made("batch", {"ids": np.array([[424242, 1]])})
    first = worker.ask(call_request("student", Call("probabilities", (made, 0), {}, 1)), 20)
    second = worker.ask(call_request("student", Call("probabilities", (0, 0), {}, 1)), 20)
    assert first["value"] > 0
    assert second["value"] == 0
    worker.end()


def test_a_full_folder_is_the_students_error_and_nothing_stays(shop, hire, ask):
    if "bounded folder" not in shop.isolation.layers:
        pytest.skip(f"no bounded folder here: {shop.isolation.missing['bounded folder']}")
    source = """
def probabilities():
    try:
        for number in range(1000):
            with open(str(number), "wb") as file:
                file.write(bytes(16 * 2**20))
    except OSError as error:
        return [error.errno, number]
"""
    student = hire(source)
    errno, written = ask(student)
    assert errno == 28  # no space left
    assert written * 16 <= 256
    folder = student._worker.folder
    assert sum(path.stat().st_size for path in folder.rglob("*")) < 2**20  # the judge's disk holds none of it
    student.end()
    assert not folder.exists()


def test_a_worker_that_is_signalled_by_itself_ends_as_itself(hire):
    student = hire("import os, signal\ndef probabilities():\n    os.kill(os.getpid(), signal.SIGKILL)\n")
    with pytest.raises(WorkerDied):
        student._worker.ask(
            {"op": "call", "key": "student", "function": "probabilities", "args": [], "kwargs": {}, "seed": 1}, 20
        )
