"""What is fuzzed, and with what: a strategy and a function for each target. A target fails by any undocumented error.

`frames` and `values` are what a hostile worker sends, `trees` and `texts` what a hostile student hands in. The judge's
own readers are behind each target: what a frame says is compared, shown and explained as in a grade.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from grader import wire
from grader.catalogue import load_course
from grader.classes import layouts
from grader.judge.causes import cause
from grader.judge.compare import difference, gap
from grader.judge.explain import STAR, explain_outcome
from grader.judge.facts import form, show
from grader.judge.places import places
from grader.judge.subjects import Call, LoadError, Outcome, Student, outcome_of
from grader.judge.workers import Limits
from grader.notebooks.choice import steps_left
from grader.notebooks.reading import NotebookError, read_notebook
from grader.submission import Handed, SubmissionError, read_submission

EXERCISE = load_course()["04_softmax_predictions"]
OTHER = load_course()["08_best_answer_span"]
LONGEST = 4000  # characters of anything that is told of an answer

# --- frames ----------------------------------------------------------------------------------------------------------

KINDS = ("float", "tuple", "set", "dict", "tensor", "record", "made", "named", "opaque", "pickle", 3, None)
KEYS = ("v", "name", "type", "dtype", "shape", "buffer", "maker", "$")
WORDS = ("nan", "inf", "-inf", "1e999", "label", "score", "POS", "types", "message", "line", "bound", "id", "\ud800",
         "\x1b[31m\n::error::", "GraderFault", "NotImplementedError", "TypeError", "TODO 2")  # fmt: skip
NUMBERS = (0, 1, -1, 2**31, 2**53, 2**63 - 1, 2**63, 10**400, 1e308, -0.0, 0.5)
LEAVES = (
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.integers() | st.floats() | st.sampled_from(WORDS)
    | st.text(max_size=8) | st.sampled_from(list(wire.DTYPES))
)  # fmt: skip


def _branches(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pair = st.lists(inner, min_size=2, max_size=2)
    shape = st.lists(st.integers(-1, 5) | st.sampled_from((2**26, 2**40, True, 2.0)), max_size=10)
    tensor = st.fixed_dictionaries(
        {"$": st.just("tensor"), "dtype": st.sampled_from([*wire.DTYPES, "object"]), "shape": shape,
         "buffer": st.integers(-1, 3)}
    )  # fmt: skip
    return (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
        | st.fixed_dictionaries({"$": st.sampled_from(KINDS), "v": inner})
        | st.fixed_dictionaries(
            {"$": st.sampled_from(("dict", "set", "tuple")), "v": st.lists(pair | inner, max_size=5)}
        )
        | st.fixed_dictionaries({"$": st.just("record"), "name": inner, "v": st.lists(pair, max_size=4)})
        | tensor
    )


TREES = st.recursive(LEAVES, _branches, max_leaves=30)
FIELDS = ("id", "value", "error", "fault", "changed", "forwards", "written", "functions", "defined", "failed", "halted")
ERRORS = st.fixed_dictionaries(
    {},
    optional={"types": st.lists(st.sampled_from(WORDS), max_size=3) | TREES, "message": TREES, "line": TREES,
              "cell": TREES, "stage": TREES, "bound": st.lists(TREES, max_size=4)},
)  # fmt: skip


@st.composite
def frames(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Return the JSON text and the buffers of a frame that is nearly one: trees, sizes and bytes may be wrong."""
    tree = draw(TREES)
    sizes = draw(st.lists(st.integers(0, 24), max_size=4) | st.lists(st.sampled_from(NUMBERS), max_size=4))
    honest = [size if type(size) is int and 0 <= size < 2**16 else 0 for size in sizes]
    text = json.dumps({"v": tree, "b": sizes}).encode("utf-8", "surrogatepass")
    for old, new in draw(st.lists(st.tuples(st.sampled_from(FLAWS), st.sampled_from(FLAWS)), max_size=2)):
        text = text.replace(old, new, 1)
    cut = draw(st.none() | st.integers(0, len(text)))
    return text[:cut], draw(st.binary(max_size=8)) + bytes(
        draw(st.sampled_from((0, 1, 255))) for _ in range(sum(honest))
    )


FLAWS = (b'"', b"{", b"}", b"[", b",", b"NaN", b"\xff", b"\x00", b'"v"', b'"b"', b"1e999", b"9" * 4400, b"[" * 1500)


def read_frame(frame: tuple[bytes, bytes]) -> None:
    """A frame is decoded, or refused by `WireError`; what was decoded can be encoded, compared, shown."""
    text, buffers = frame
    try:
        value = wire.decode(text, buffers)
    except wire.WireError:
        return
    use(value)


def receive_bytes(data: bytes) -> None:
    """Bytes on a socket are a frame, or refused by `WireError`."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.close()
        try:
            value = wire.receive(ours)
        except wire.WireError:
            return
    use(value)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Return a frame as it crosses a socket, its header right, wrong or cut off."""
    text, buffers = draw(frames())
    magic = draw(st.sampled_from((wire.MAGIC, wire.MAGIC, b"GRD2")))
    sizes = [
        draw(st.just(size) | st.sampled_from((0, 1, size + 1, wire.MAX_JSON, 2**32 - 1)))
        for size in (len(text), len(buffers))
    ]
    whole = wire.HEADER.pack(magic, *sizes) + text + buffers
    return whole[: draw(st.none() | st.integers(0, len(whole)))]


EXPECTED = (
    np.zeros((2, 3), dtype=np.float32), np.zeros(2, dtype=np.int64), np.float32(0.5).item(), 3, True, "POS", None,
    [{"label": "POS", "score": 0.5}], (1, 2, 0.5), {"label": "POS"}, {1, 2}, wire.Record("r", {"a": 1.0}),
    wire.Named("a.B"), wire.Opaque("a.B"),
)  # fmt: skip


def bound_memory(more: int) -> tuple[int, int]:
    """Let this process take only `more` bytes than it has now, and return the limits that it had (Linux)."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, before[1]))
    return before


def use(value: Any) -> None:
    """Do with a value what a grade does; errors are the grader's own."""
    wire.encode(value)
    for text in (show(value), form(value)):
        assert len(text) <= LONGEST
        assert "\n" not in text
    with np.errstate(all="ignore"):
        for expected in EXPECTED:
            for fact in (difference(value, expected), difference(expected, value)):
                if fact is not None:
                    assert len(fact.about(value).sentence("es", "full")) <= LONGEST
            gap(value, expected)


# --- replies ---------------------------------------------------------------------------------------------------------


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    """Return a reply as it comes out of a frame: the fields of one, with anything in them."""
    tree = {
        name: draw(ERRORS if name in ("error", "halted") else TREES) for name in draw(st.sets(st.sampled_from(FIELDS)))
    }
    try:
        return {
            name: wire.decode(json.dumps({"v": _plain(part), "b": []}).encode(), b"") for name, part in tree.items()
        }
    except wire.WireError:
        return {}


def _plain(tree: Any) -> Any:
    """Turn the dicts of an error into those of the wire."""
    if isinstance(tree, dict) and "$" not in tree:
        return {"$": "dict", "v": [[key, _plain(item)] for key, item in tree.items()]}
    return tree


class _Line:
    """A worker that says one thing, and a workshop that hires it."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply, self.limits, self.alive = reply, Limits(), True

    def hire(self, files: object, **options: object) -> _Line:  # noqa: ARG002
        return self

    def ask(self, request: object, within_s: float) -> dict[str, Any]:  # noqa: ARG002
        return self.reply

    def end(self) -> None:
        self.alive = False


def explain_reply(reply: dict[str, Any]) -> None:
    """A reply to a call or to the import of a module is an outcome, and can be told."""
    handed = Handed({EXERCISE.file: b"def predict(*args):\n    return 1\n"})
    student = Student(_Line(reply), EXERCISE, handed)  # type: ignore[arg-type]
    outcomes = [outcome_of({"value": None, **reply})]
    try:
        student.load()
    except LoadError as error:
        outcomes.append(error.outcome)
    call = Call("predict", (), {}, 0)
    for outcome in outcomes:
        if outcome.kind == "value":
            use(outcome.value)
            assert outcome.same_as(Outcome("value", 1)) in (True, False)
        else:
            fact = explain_outcome(EXERCISE, student, call, outcome, 2048).fact
            assert fact is None or fact.kind == "stated" or len(fact.sentence("en", "full")) <= LONGEST
    if student.halted is not None:
        assert set(student.halted) >= {"types", "message", "line"}


# --- what students hand in -------------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    ("exercises", EXERCISE.slug, EXERCISE.file, EXERCISE.notebook, OTHER.slug, OTHER.file, "softmax_predictions (1).py",
     "softmax\n_predictions.py", "data.csv", "notes.txt", "x.pth", "conftest.py", ".git", "..py", "-rf", "$(x)", "a" * 200,
     "\x1b[31m.py", os.fsdecode(b"\xff\xfe.py"), "ana_softmax_predictions.py", "test_softmax_predictions.py")
)  # fmt: skip
CONTENTS = st.sampled_from(
    (b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbfx = 1\n", b"x" * (2**20 + 1), b"\n" * 2**20, b"{}", b"[", b"{" * 5000,
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a = 1"]}]}', b'{"nbformat": 4, "cells": 3}',
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "%%bash\\nx"}], "metadata": {"language_info": []}}',
     b'{"nbformat": 1e999}', b'{"nbformat": 99999999999999999999}')
) | st.binary(max_size=200)  # fmt: skip
GOALS = (
    "/",
    "/dev/zero",
    "/etc/passwd",
    ".",
    "..",
    "../..",
    "itself",
    "nowhere",
    "exercises",
    EXERCISE.slug,
    EXERCISE.file,
)
ENTRIES = st.one_of(
    st.tuples(st.just("file"), CONTENTS), st.tuples(st.just("file"), CONTENTS), st.tuples(st.just("folder"), st.just(b"")),
    st.tuples(st.just("link"), st.sampled_from([os.fsencode(goal) for goal in GOALS])),
    st.tuples(st.just("pipe"), st.just(b"")), st.tuples(st.just("socket"), st.just(b"")),
)  # fmt: skip
FOLDERS = st.lists(
    st.tuples(st.lists(NAMES, min_size=1, max_size=4), ENTRIES, st.sampled_from((None, None, 0))), max_size=7
)


def read_tree(entries: list[tuple[list[str], tuple[str, bytes], int | None]]) -> None:
    """A folder is a submission, or refused by `SubmissionError`; as a class it is found and read, or refused."""
    room = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        root = room / "ana"
        root.mkdir()
        for names, (kind, content), mode in entries:
            _make(room, root.joinpath(*names), kind, content, mode)
        for path in (root, root / EXERCISE.file, root / "exercises" / EXERCISE.slug / EXERCISE.notebook):
            try:
                submission = read_submission(path, [EXERCISE, OTHER])
            except (SubmissionError, PermissionError) as error:
                _check_text(str(error).replace("\n", " "))  # the path is as the instructor typed it
                continue
            _check(submission.exercises.values())
        for folder in (room, root):
            try:
                found = layouts.find(folder, [EXERCISE, OTHER])
            except (SubmissionError, PermissionError):
                continue
            for entry in found.entries:
                _check(layouts.read(entry, [EXERCISE, OTHER]).exercises.values())
    finally:
        for folder, _, _ in os.walk(room):
            Path(folder).chmod(0o700)
        shutil.rmtree(room)


def _make(room: Path, path: Path, kind: str, content: bytes, mode: int | None) -> None:
    """Make one entry, unless something is there already or a link on the way leads out of the room."""
    for folder in reversed([path, *path.parents]):
        if folder.is_relative_to(room) and (folder.is_symlink() or (folder.exists() and not folder.is_dir())):
            return
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "file":
            path.write_bytes(content)
        elif kind == "folder":
            path.mkdir()
        elif kind == "link":
            path.symlink_to(path.name if content == b"itself" else os.fsdecode(content))
        elif kind == "pipe":
            os.mkfifo(path)
        elif len(os.fsencode(path)) < 100:
            with socket.socket(socket.AF_UNIX) as line:
                line.bind(os.fsencode(path))
        if mode is not None and kind in ("file", "folder"):
            path.chmod(mode)
    except OSError:
        return  # the way is blocked by something that came before


def _check(handed: Any) -> None:
    for one in handed:
        assert one.status in ("found", "missing", "unreadable")
        assert sum(map(len, one.files.values())) <= 51 * 2**20
        for texts in (one.problem, one.note):
            for text in (texts or {}).values():
                _check_text(text)
        places(EXERCISE, one)


def _check_text(text: str) -> None:
    assert len(text) <= LONGEST
    assert text.isprintable(), text


PIECES = st.sampled_from(
    ("\n", " ", "\t", "'", '"', '"""', "'''", "\\", "(", "[", "#", "%", "!", "?", "=", "a", "def ", "    def predict",
     "raise NotImplementedError(", "# TODO 1", "@lru_cache", "<<<<<<< ", "\r", "\u2028", "\x00", "é")
)  # fmt: skip
# Long texts of few words: what makes a search go back and forth.
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from((1, 2, 3, 2000, 20_000))), min_size=1, max_size=6).map(
    lambda parts: "".join(piece * count for piece, count in parts)[:100_000]
)


def search_text(text: str) -> None:
    """Whatever searches the text of a module or of a notebook comes to an end."""
    steps_left(text, 4)
    places(EXERCISE, Handed({EXERCISE.file: text.encode("utf-8", "replace")}, file="x.py"))
    error = {"types": ["SyntaxError", "ImportError", "TypeError", "OSError"], "message": text[:160], "line": 1}
    cause(EXERCISE, EXERCISE.file, error, text)
    STAR.search(text)
    notebook = {"nbformat": 4, "cells": [{"cell_type": "code", "source": text}]}
    try:
        read_notebook(json.dumps(notebook).encode(), "x.ipynb")
    except NotebookError as refusal:
        for told in refusal.texts.values():
            _check_text(told)


@dataclass(frozen=True)
class Target:
    """One thing that is fuzzed: what is drawn, and what reads it."""

    name: str
    drawn: st.SearchStrategy[Any]
    read: Callable[[Any], None]
    examples: int  # in CI


TARGETS = (
    Target("frames", frames(), read_frame, 250),
    Target("streams", streams() | st.binary(max_size=60), receive_bytes, 100),
    Target("replies", replies(), explain_reply, 150),
    Target("trees", FOLDERS, read_tree, 100),
    Target("texts", TEXTS, search_text, 60),
)
