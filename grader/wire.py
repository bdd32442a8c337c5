"""What crosses the line between the judge and a worker, and nothing else.

A frame is a fixed header, one JSON document and raw buffers, every size bounded before anything is allocated.
JSON carries the structure, buffers carry the numbers of tensors. Nothing is unpickled, evaluated, or asked for its own
`__str__` or `__eq__`. This module knows neither torch nor student code: `worker.values` turns torch's objects into the
plain values below.

    JSON scalars, str, list      as they are (integers of at most 64 bits; NaN and infinities by name)
    tuple, dict, set             tagged, so that they come back as what they were
    numpy's scalars              as Python's: a drawn `np.str_` is a str there
    np.ndarray, RawTensor        a tensor; comes back as `np.ndarray` (bfloat16 widened to float32)
    Record                       a dataclass or named tuple: its fields by name
    Made                         an object that the worker makes: a model, a tokenizer, a generator …
    Named                        a class by its name
    Opaque                       anything else: its type's name
"""

from __future__ import annotations

import json
import math
import select
import socket
import struct
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAX_JSON = 4 * 2**20
MAX_BUFFERS = 64 * 2**20
MAX_BUFFER_COUNT = 4096
MAX_NODES = 100_000
MAX_DEPTH = 32
MAX_TEXT = 2**20  # characters: the largest file that is handed in fits
MAX_NAME = 1000
MAX_DIMS = 8
MAX_INT = 2**63
MAX_TUPLE_KEYS = 2000  # the hash of a tuple of numbers can be solved for collisions: time grows with the square
BOUNDS = ("bytes", "nodes", "depth", "text", "int", "dims", "keys")  # what `TooLarge.what` can be

HEADER = struct.Struct("!4sIQ")
MAGIC = b"GRD1"

# Item sizes in bytes of the tensors that may cross, and the numpy type that holds each in the judge.
DTYPES: dict[str, tuple[int, str]] = {
    "float64": (8, "float64"), "float32": (4, "float32"), "float16": (2, "float16"), "bfloat16": (2, "uint16"),
    "int64": (8, "int64"), "int32": (4, "int32"), "int16": (2, "int16"), "int8": (1, "int8"),
    "uint8": (1, "uint8"), "bool": (1, "bool"),
}  # fmt: skip


class WireError(Exception):
    """A frame that breaks the format or a bound. The peer is not to be trusted after it."""


class TooLarge(WireError):
    """A value that may not cross because of its size. `what` names the bound: bytes, nodes, depth …"""

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(f"{what}: {size} is more than {limit}")
        self.what, self.size, self.limit = what, size, limit


class PeerGone(WireError):
    """The other side closed its end, or its process ended."""


class PeerSilent(WireError):
    """The deadline passed before a whole frame had crossed."""


@dataclass(frozen=True)
class RawTensor:
    """A tensor on its way out: `dtype` is a key of `DTYPES`, `data` its numbers in row-major order."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes | memoryview


@dataclass(frozen=True)
class Record:
    """A dataclass or named tuple that the student returned: the fields that it states, in order."""

    name: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Named:
    """A class, by its qualified name."""

    name: str


@dataclass(frozen=True)
class Opaque:
    """An object that does not cross: only its type's name does."""

    type_name: str


@dataclass(frozen=True)
class Made:
    """An object that the worker makes with `worker.makers`: the maker's name and its options."""

    maker: str
    options: Mapping[str, Any] = field(default_factory=dict)


# --- values to a JSON tree and buffers -------------------------------------------------------------------------------


class _Encoder:
    def __init__(self) -> None:
        self.buffers: list[bytes | memoryview] = []
        self.buffer_bytes = 0
        self.nodes = 0
        self.tuple_keys = 0

    def tree(self, value: Any, depth: int = 0) -> Any:
        self.nodes += 1
        _bound("nodes", self.nodes, MAX_NODES)
        _bound("depth", depth, MAX_DEPTH)
        if isinstance(value, np.generic):
            value = value.item()
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            _bound("int", value.bit_length(), 63)
            return value
        if kind is float:
            return value if math.isfinite(value) else {"$": "float", "v": repr(value)}
        if kind is str:
            text = _speakable(value)
            _bound("text", len(text), MAX_TEXT)
            return text
        if kind is list:
            return [self.tree(item, depth + 1) for item in value]
        if kind is tuple:
            return {"$": "tuple", "v": [self.tree(item, depth + 1) for item in value]}
        if kind is set:
            self._count_keys(value)
            return {"$": "set", "v": [self.tree(item, depth + 1) for item in sorted(value, key=repr)]}
        if kind is dict:
            return {"$": "dict", "v": self._pairs(value, depth)}
        if kind is np.ndarray:
            name = value.dtype.name
            if name not in DTYPES:
                return {"$": "opaque", "type": _name(f"numpy.ndarray[{name}]")}
            return self._tensor(name, value.shape, np.ascontiguousarray(value).data)
        if kind is RawTensor:
            return self._tensor(value.dtype, value.shape, value.data)
        if kind is Record:
            return {"$": "record", "name": _name(value.name), "v": self._pairs(value.fields, depth)}
        if kind is Made:
            return {"$": "made", "maker": _name(value.maker), "v": self._pairs(value.options, depth)}
        if kind is Named:
            return {"$": "named", "name": _name(value.name)}
        if kind is Opaque:
            return {"$": "opaque", "type": _name(value.type_name)}
        return {"$": "opaque", "type": _name(f"{kind.__module__}.{kind.__qualname__}")}

    def _pairs(self, mapping: Mapping[Any, Any], depth: int) -> list[list[Any]]:
        self._count_keys(mapping)
        return [[self.tree(key, depth + 1), self.tree(item, depth + 1)] for key, item in mapping.items()]

    def _count_keys(self, keys: Iterable[Any]) -> None:
        self.tuple_keys += sum(type(key) is tuple for key in keys)
        _bound("keys", self.tuple_keys, MAX_TUPLE_KEYS)

    def _tensor(self, dtype: str, shape: tuple[int, ...], data: bytes | memoryview) -> Any:
        _bound("dims", len(shape), MAX_DIMS)
        if 0 in shape:
            _bound("nodes", math.prod(size or 1 for size in shape), MAX_NODES)
        size = math.prod(shape) * DTYPES[dtype][0]
        self.buffer_bytes += size
        _bound("bytes", self.buffer_bytes, MAX_BUFFERS)
        _bound("nodes", len(self.buffers), MAX_BUFFER_COUNT - 1)
        self.buffers.append(data)
        return {"$": "tensor", "dtype": dtype, "shape": list(shape), "buffer": len(self.buffers) - 1}


def encode(value: Any) -> bytes:
    """Return the frame that carries `value`. Errors: `TooLarge` names the bound that it breaks."""
    encoder = _Encoder()
    tree = encoder.tree(value)
    buffers = [bytes(buffer) for buffer in encoder.buffers]
    document = json.dumps({"v": tree, "b": [len(b) for b in buffers]}, ensure_ascii=False, allow_nan=False)
    text = document.encode()
    _bound("bytes", len(text), MAX_JSON)
    return b"".join([HEADER.pack(MAGIC, len(text), sum(map(len, buffers))), text, *buffers])


# --- a JSON tree and buffers to values -------------------------------------------------------------------------------


class _Decoder:
    def __init__(self, buffers: list[bytes]) -> None:
        self.buffers = buffers
        self.used: set[int] = set()
        self.nodes = 0
        self.tuple_keys = 0

    def value(self, tree: Any, depth: int = 0) -> Any:
        self.nodes += 1
        _bound("nodes", self.nodes, MAX_NODES)
        _bound("depth", depth, MAX_DEPTH)
        if isinstance(tree, dict):
            reader = self._readers().get(tree.get("$", ""))
            if reader is None:
                raise WireError("an unknown kind of value")
            return reader(tree, depth + 1)
        if isinstance(tree, list):
            return [self.value(item, depth + 1) for item in tree]
        if isinstance(tree, int) and not isinstance(tree, bool):
            _bound("int", tree.bit_length(), 63)
        if isinstance(tree, str):
            _bound("text", len(tree), MAX_TEXT)
            return _whole(tree)
        return tree

    def _readers(self) -> dict[Any, Callable[[dict[str, Any], int], Any]]:
        return {
            "float": lambda tree, _: _float_by_name(tree["v"]),
            "tuple": lambda tree, depth: tuple(self._items(tree, depth)),
            "set": lambda tree, depth: set(map(self._key, self._items(tree, depth))),
            "dict": lambda tree, depth: self._mapping(tree, depth),
            "tensor": lambda tree, _: self._array(tree),
            "record": lambda tree, depth: Record(_text(tree["name"]), self._mapping(tree, depth)),
            "made": lambda tree, depth: Made(_text(tree["maker"]), self._mapping(tree, depth)),
            "named": lambda tree, _: Named(_text(tree["name"])),
            "opaque": lambda tree, _: Opaque(_text(tree["type"])),
        }

    def _items(self, tree: dict[str, Any], depth: int) -> list[Any]:
        if not isinstance(tree["v"], list):
            raise WireError("items that are not a list")
        return [self.value(item, depth) for item in tree["v"]]

    def _mapping(self, tree: dict[str, Any], depth: int) -> dict[Any, Any]:
        if not isinstance(tree["v"], list):
            raise WireError("pairs that are not a list")
        return {self._key(self.value(key, depth)): self.value(item, depth) for key, item in tree["v"]}

    def _key(self, value: Any) -> Any:
        if isinstance(value, (list, dict, set, np.ndarray, Record, Made)):
            raise WireError("a key that cannot be one")
        self.tuple_keys += isinstance(value, tuple)
        _bound("keys", self.tuple_keys, MAX_TUPLE_KEYS)
        hash(value)
        return value

    def _array(self, tree: dict[str, Any]) -> np.ndarray[Any, Any]:
        dtype, shape, index = tree["dtype"], tree["shape"], tree["buffer"]
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise WireError("a tensor of an unknown dtype")
        if not isinstance(shape, list) or not all(type(n) is int and 0 <= n <= MAX_BUFFERS for n in shape):
            raise WireError("a tensor whose shape is not a list of sizes")
        _bound("dims", len(shape), MAX_DIMS)
        if 0 in shape:  # no number, and yet as many empty rows as it says
            _bound("nodes", math.prod(size or 1 for size in shape), MAX_NODES)
        if type(index) is not int or not 0 <= index < len(self.buffers):
            raise WireError("a tensor without its buffer")
        if index in self.used:  # each use is a copy: 64 MiB could ask for terabytes
            raise WireError("a buffer of two tensors")
        self.used.add(index)
        item_size, numpy_name = DTYPES[dtype]
        buffer = self.buffers[index]
        if math.prod(shape) * item_size != len(buffer):
            raise WireError("a buffer whose length is not shape times item size")
        if dtype == "bool" and buffer.strip(b"\x00\x01"):
            raise WireError("a bool tensor with other bytes than 0 and 1")
        array = np.frombuffer(buffer, dtype=numpy_name).reshape(shape)
        if dtype == "bfloat16":
            return (array.astype(np.uint32) << 16).view(np.float32).reshape(shape)
        return array.copy()


def decode(text: bytes, buffers: bytes) -> Any:
    """Return the value of one frame's JSON text and buffers. Errors: `WireError` whatever the bytes are."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
        sizes = document["b"]
        if len(sizes) > MAX_BUFFER_COUNT or not all(type(n) is int and n >= 0 for n in sizes):
            raise WireError("buffer sizes that are not sizes")
        if sum(sizes) != len(buffers):
            raise WireError("buffers whose sizes do not add up")
        parts, start = [], 0
        for size in sizes:
            parts.append(buffers[start : start + size])
            start += size
        return _Decoder(parts).value(document["v"])
    except WireError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise WireError(f"a malformed frame ({type(error).__name__})") from None


def _bound(what: str, size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge(what, size, limit)


def _refuse_constant(name: str) -> None:
    raise WireError(f"the bare constant {name}")


def _float_by_name(name: object) -> float:
    if name not in ("nan", "inf", "-inf"):
        raise WireError("a float by an unknown name")
    return float(str(name))


def _text(value: object) -> str:
    if type(value) is not str or len(value) > MAX_NAME:
        raise WireError("a name that is not a short text")
    return _whole(value)


def _whole(text: str) -> str:
    """Return `text`, which no encoder made if it has half a character: JSON can spell what UTF-8 cannot."""
    text.encode()
    return text


def _name(text: str) -> str:
    return _speakable(text)[:MAX_NAME]


def _speakable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


# --- frames on a socket ----------------------------------------------------------------------------------------------


def send(sock: socket.socket, frame: bytes, deadline: float | None = None) -> None:
    """Send one frame before `deadline` (`time.monotonic()` seconds). Errors: `PeerSilent`, `PeerGone`."""
    view = memoryview(frame)
    try:
        while view:
            sock.settimeout(_left(deadline))
            view = view[sock.send(view) :]
    except TimeoutError:
        raise PeerSilent from None
    except OSError:
        raise PeerGone from None


def receive(sock: socket.socket, deadline: float | None = None, alive: int | None = None) -> Any:
    """Receive one frame before `deadline` and return its value.

    `alive` is a pidfd (readable once that process has ended): a peer that died while a descendant of it keeps the
    socket open is noticed at once. Errors: `PeerSilent`, `PeerGone`, `WireError`.
    """
    header = _exactly(sock, HEADER.size, deadline, alive)
    magic, json_size, buffers_size = HEADER.unpack(header)
    if magic != MAGIC:
        raise WireError("a frame that does not begin as one")
    _bound("bytes", json_size, MAX_JSON)
    _bound("bytes", buffers_size, MAX_BUFFERS)
    text = _exactly(sock, json_size, deadline, alive)
    return decode(text, _exactly(sock, buffers_size, deadline, alive))


def _exactly(sock: socket.socket, size: int, deadline: float | None, alive: int | None) -> bytes:
    data = bytearray()
    while len(data) < size:
        try:
            left = _left(deadline)
            if alive is not None:
                ready: list[Any] = select.select([sock.fileno(), alive], [], [], left)[0]
                if not ready:
                    raise PeerSilent
                if sock.fileno() not in ready:
                    raise PeerGone
            sock.settimeout(left)
            part = sock.recv(min(size - len(data), 1 << 20))
        except TimeoutError:
            raise PeerSilent from None
        except OSError:
            raise PeerGone from None
        if not part:
            raise PeerGone
        data += part
    return bytes(data)


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise PeerSilent
    return left
