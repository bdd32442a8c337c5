"""What crosses the line between judge and worker: every kind of value, both ways; every bound; hostile frames."""

import json
import math
import socket
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import wire
from grader.wire import HEADER, MAGIC, Made, Named, Opaque, RawTensor, Record, TooLarge, WireError


def cross(value):
    """Return `value` after a journey through a frame."""
    frame = wire.encode(value)
    _, size, _ = HEADER.unpack(frame[: HEADER.size])
    return wire.decode(frame[HEADER.size : HEADER.size + size], frame[HEADER.size + size :])


def document(tree, sizes=()):
    return json.dumps({"v": tree, "b": list(sizes)}).encode()


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, -(2**62), 2**63 - 1, 0.1, -0.0, "", "niño 🤗\n\x1b", [], [1, [2, [3]]], (), (1, (2,)),
        {}, {"a": 1, 2: "b", (1, 2): None}, {1, 2, 3}, float("inf"), float("-inf"),
        Record("Entity", {"start": 1, "text": "Ana"}), Made("twin", {"labels": {0: "NEU"}, "seed": 3}),
        Named("transformers.BertModel"), Opaque("builtins.generator"),
    ],
)  # fmt: skip
def test_a_plain_value_comes_back_as_it_was(value):
    assert cross(value) == value
    assert type(cross(value)) is type(value)


@pytest.mark.parametrize("value", [np.float32(0.5), np.int64(3), np.bool_(True), np.str_("niño")])
def test_a_scalar_of_numpy_comes_back_as_one_of_python(value):
    assert cross(value) == value
    assert type(cross(value)) is type(value.item())


def test_nan_comes_back_as_nan():
    assert math.isnan(cross(float("nan")))


@pytest.mark.parametrize("dtype", [name for name in wire.DTYPES if name != "bfloat16"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_an_array_comes_back_with_dtype_shape_and_numbers(dtype, shape):
    array = (np.arange(math.prod(shape)) % 2).astype(dtype).reshape(shape)
    back = cross({"x": [array]})["x"][0]
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)


def test_an_array_that_is_not_contiguous_keeps_its_order():
    array = np.arange(6, dtype="int64").reshape(2, 3).T
    np.testing.assert_array_equal(cross(array), array)


def test_an_array_that_came_back_can_be_written():
    back = cross(np.zeros(3, dtype="float32"))
    back[0] = 1


def test_bfloat16_is_widened_to_float32():
    words = np.array([0x3F80, 0xC000, 0x7F80], dtype=np.uint16)
    back = cross(RawTensor("bfloat16", (3,), words.tobytes()))
    assert back.dtype == np.float32
    np.testing.assert_array_equal(back, np.array([1.0, -2.0, np.inf], dtype=np.float32))


@pytest.mark.parametrize("value", [np.array(["a"]), np.array([1 + 2j]), np.array([None]), object(), b"bytes", 1j])
def test_what_has_no_plain_form_crosses_as_its_type_name(value):
    assert type(cross(value)) is Opaque


def test_subclasses_do_not_pass_for_their_base():
    class Liar(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    assert type(cross(Liar("x"))) is Opaque


HALF = "\ud83e"  # of an emoji: a str may hold it, UTF-8 may not


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (HALF, r"\ud83e"),
        ({HALF: 1}, {r"\ud83e": 1}),
        (Record(HALF, {HALF: 1}), Record(r"\ud83e", {r"\ud83e": 1})),
        (wire.Named(HALF), wire.Named(r"\ud83e")),
        (Opaque(HALF), Opaque(r"\ud83e")),
        (Made(HALF), Made(r"\ud83e")),
        (Opaque("x" * 2000), Opaque("x" * wire.MAX_NAME)),
    ],
)
def test_a_text_that_no_frame_can_hold_crosses_as_one_that_can_be_shown(value, back):
    assert cross(value) == back


def nested(depth):
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (nested(wire.MAX_DEPTH + 1), "depth"),
        ([0] * (wire.MAX_NODES + 1), "nodes"),
        ("a" * (wire.MAX_TEXT + 1), "text"),
        (2**63, "int"),
        (2**4000, "int"),
        (np.zeros((1,) * (wire.MAX_DIMS + 1), dtype="int8"), "dims"),
        (RawTensor("float32", (wire.MAX_BUFFERS,), b""), "bytes"),
        ([np.zeros(1, dtype="int8")] * (wire.MAX_BUFFER_COUNT + 1), "nodes"),
        (["a" * wire.MAX_TEXT] * 5, "bytes"),
        ({(n, n): 0 for n in range(wire.MAX_TUPLE_KEYS + 1)}, "keys"),
        ([{(n,) for n in range(wire.MAX_TUPLE_KEYS)}, {(1, 2)}], "keys"),
    ],
)
def test_what_is_too_large_does_not_leave(value, what):
    with pytest.raises(TooLarge) as caught:
        wire.encode(value)
    assert caught.value.what == what
    assert what in wire.BOUNDS


def test_a_structure_that_contains_itself_does_not_leave():
    value: list = []
    value.append(value)
    with pytest.raises(TooLarge, match="depth"):
        wire.encode(value)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"null", b"[]", b'{"v": 1}', b'{"b": []}', b'{"v": NaN, "b": []}', b'{"v": Infinity, "b": []}',
        b"\xff\xfe", b'{"v": ' + b"9" * 5000 + b', "b": []}', b'{"v": ' + b"[" * 100_000, b'{"v":1,"b":"x"}',
        document(2**70), document({"$": "pickle", "v": "gASV"}), document({}), document({"$": []}),
        document({"$": "float", "v": "1e9"}), document({"$": "float", "v": ["nan"]}),
        document({"$": "tuple", "v": "abc"}), document({"$": "tuple"}), document({"$": "dict", "v": [[1]]}),
        document({"$": "dict", "v": [[[], 1]]}), document({"$": "set", "v": [[1]]}), document({"$": "dict", "v": {"a": 1}}),
        document({"$": "record", "name": 3, "v": []}), document({"$": "named", "name": "x" * 2000}),
        document("\ud800"), document({"$": "record", "name": "\ud800", "v": []}), document({"$": "dict", "v": [["\udfff", 1]]}),
        document(nested(wire.MAX_DEPTH + 2)), document([0] * (wire.MAX_NODES + 1)), document("a" * (wire.MAX_TEXT + 1)),
        document({"$": "set", "v": [{"$": "tuple", "v": [n]} for n in range(wire.MAX_TUPLE_KEYS + 1)]}),
        document(1, [1]), document(1, [-1, 1]), document(1, [True]), document(1, ["x"]), document(1, [0] * 5000),
    ],
)  # fmt: skip
def test_a_malformed_frame_is_refused(text):
    with pytest.raises(WireError):
        wire.decode(text, b"")


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "float128"}, {"dtype": ["float32"]}, {"dtype": "object"}, {"shape": [3]}, {"shape": [2, -1]},
        {"shape": [True, 2]}, {"shape": "2"}, {"shape": [2.0]}, {"shape": [1] * 9 + [2]}, {"shape": [2**40, 2**40]},
        {"buffer": 1}, {"buffer": -1}, {"buffer": "0"}, {"buffer": True}, {"dtype": "bool", "shape": [8]},
    ],
)  # fmt: skip
def test_a_tensor_that_does_not_fit_its_buffer_is_refused(change):
    tensor = {"$": "tensor", "dtype": "float32", "shape": [2], "buffer": 0} | change
    with pytest.raises(WireError):
        wire.decode(document(tensor, [8]), b"\x07" * 8)


@pytest.mark.parametrize("shape", [[2**26, 0], [0, 2**26], [5, 2**20, 0], [0, 1000, 1000]])
def test_a_tensor_of_nothing_but_rows_is_refused(shape):
    """It has no bytes, and would be millions of empty lists wherever it becomes one."""
    tensor = {"$": "tensor", "dtype": "float32", "shape": shape, "buffer": 0}
    with pytest.raises(TooLarge, match="nodes"):
        wire.decode(document(tensor, [0]), b"")
    with pytest.raises(TooLarge, match="nodes"):
        wire.encode(RawTensor("float32", tuple(shape), b""))


def test_a_buffer_that_two_tensors_name_is_refused():
    tensor = {"$": "tensor", "dtype": "float32", "shape": [2], "buffer": 0}
    assert wire.decode(document(tensor, [8]), b"\0" * 8).shape == (2,)
    with pytest.raises(WireError, match="a buffer of two tensors"):
        wire.decode(document([tensor, tensor], [8]), b"\0" * 8)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=64))
def test_no_bytes_do_more_than_be_refused(text, buffers):
    with pytest.raises(WireError):
        wire.decode(text, buffers)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.fixed_dictionaries(
            {
                "$": st.sampled_from(
                    ["float", "tuple", "set", "dict", "tensor", "record", "made", "named", "opaque", "x"]
                )
            },
            optional=dict.fromkeys(("v", "name", "type", "dtype", "shape", "buffer", "maker"), inner),
        )
    ),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(TREES)
def test_no_tree_does_more_than_be_read_or_refused(tree):
    try:
        value = wire.decode(json.dumps({"v": tree, "b": [4]}).encode(), b"\0\0\0\0")
    except WireError:
        return
    wire.encode(value)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_every_value_comes_back_as_it_was(value):
    assert cross(value) == value


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_frame_crosses_a_socket(line):
    ours, theirs = line
    sender = threading.Thread(target=wire.send, args=(theirs, wire.encode(np.zeros(300_000, dtype="float32"))))
    sender.start()
    assert wire.receive(ours, time.monotonic() + 10).shape == (300_000,)
    sender.join()


@pytest.mark.parametrize(
    "header",
    [
        b"HTTP/1.1 200 OK\r\n", HEADER.pack(b"XXXX", 2, 0), HEADER.pack(MAGIC, wire.MAX_JSON + 1, 0),
        HEADER.pack(MAGIC, 2, wire.MAX_BUFFERS + 1), HEADER.pack(MAGIC, 2, 2**63),
    ],
)  # fmt: skip
def test_a_header_that_promises_too_much_is_refused_before_anything_is_read(line, header):
    ours, theirs = line
    theirs.sendall(header)
    with pytest.raises(WireError):
        wire.receive(ours, time.monotonic() + 10)


def test_a_peer_that_closes_in_the_middle_is_gone(line):
    ours, theirs = line
    theirs.sendall(wire.encode([1, 2, 3])[:-2])
    theirs.close()
    with pytest.raises(wire.PeerGone):
        wire.receive(ours, time.monotonic() + 10)


def test_one_deadline_bounds_a_peer_that_drips(line):
    ours, theirs = line
    theirs.sendall(wire.encode([1, 2, 3])[:-2])
    with pytest.raises(wire.PeerSilent):
        wire.receive(ours, time.monotonic() + 0.05)


def test_one_deadline_bounds_a_peer_that_does_not_read(line):
    ours, _ = line
    with pytest.raises(wire.PeerSilent):
        wire.send(ours, b"x" * 50_000_000, time.monotonic() + 0.05)
