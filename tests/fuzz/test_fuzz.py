"""A short fuzz of every target; `python -m tests.fuzz --seconds N` goes on for longer."""

import json
import resource
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import wire
from tests.fuzz.targets import TARGETS, bound_memory, read_frame, search_text

PEAK = 400 * 2**20  # bytes that the judge may take for one frame: its buffers twice, and what JSON is read into


@pytest.fixture(autouse=True)
def memory():
    """Whatever takes a GiB more than there is now fails."""
    before = bound_memory(2**30)
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_comes_is_read_or_refused(target):
    @settings(max_examples=target.examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def whatever(data):
        target.read(data.draw(target.drawn))

    whatever()


def document(tree, sizes="[]"):
    return f'{{"v": {tree}, "b": {sizes}}}'.encode()


def full(piece):
    """Return a list of as many pieces as a frame has room for."""
    return "[" + ",".join([piece] * ((wire.MAX_JSON - 100) // (len(piece) + 1))) + "]"


TENSOR = {"$": "tensor", "dtype": "uint8", "shape": [wire.MAX_BUFFERS], "buffer": 0}


@pytest.mark.parametrize(
    ("text", "buffers"),
    [
        (document(full("[]")), 0), (document(full("{}")), 0), (document(full('{"":0}')), 0), (document(full('""')), 0),
        (document("1", full("0")), 0), (document('"' + "\U0001f917" * 900_000 + '"'), 0),
        (document('{"$":"dict","v":' + full("[1,2]") + "}"), 0), (document("9" * 4_000_000), 0),
        (document(json.dumps(TENSOR), f"[{wire.MAX_BUFFERS}]"), wire.MAX_BUFFERS),
        (document(json.dumps([TENSOR] * 1000), f"[{wire.MAX_BUFFERS}]"), wire.MAX_BUFFERS),
        (document(json.dumps(TENSOR | {"dtype": "bfloat16", "shape": [wire.MAX_BUFFERS // 2]}), f"[{wire.MAX_BUFFERS}]"),
         wire.MAX_BUFFERS),
    ],
    ids=["lists", "dicts", "keys", "texts", "sizes", "emoji", "pairs", "digits", "tensor", "one buffer for many", "bfloat16"],
)  # fmt: skip
def test_no_frame_takes_more_memory_than_a_few_times_its_bound(text, buffers):
    data = bytes(buffers)
    tracemalloc.start()
    try:
        wire.decode(text, data)
    except wire.WireError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < PEAK


@pytest.mark.parametrize(
    "piece", ["\n", " ", "\t", "'", '"', "\\", "(", "    \n", "a = ", "def ", "#\n", '"""', "'''\\"]
)
def test_no_text_keeps_a_search_busy(piece):
    """A search whose time grows with the square takes a quarter of an hour for this: pytest's limit ends it."""
    search_text("x\n" + piece * (900_000 // len(piece)))


def test_a_frame_of_a_right_answer_is_read():
    """What the fuzz reads is what a grade reads: a right frame passes through the same function."""
    frame = wire.encode([{"label": "POS", "score": 0.5}])
    _, size, _ = wire.HEADER.unpack(frame[: wire.HEADER.size])
    read_frame((frame[wire.HEADER.size :][:size], b""))
