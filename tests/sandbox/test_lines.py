"""The three lines, tried from inside a real worker at this machine's highest level."""

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from grader.catalogue import ROOT
from grader.checkpoints import cache
from grader.worker.sandbox import kernel, syscalls

ATTEMPTS = (Path(__file__).parent / "attempts.py").read_text()
FAMILIES = sorted({int(getattr(socket, name)) for name in dir(socket) if name.startswith("AF_")})
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW)
# What is refused whoever asks with whatever arguments; those that a worker's libraries need are not among them.
BY_NUMBER = "ptrace process_vm_writev io_uring_setup bpf perf_event_open userfaultfd unshare setns mount keyctl shmget \
msgget semget mq_open open_by_handle_at fanotify_init inotify_init1 inotify_add_watch pidfd_getfd clone3 execveat memfd_secret kcmp reboot swapon"


@pytest.fixture(scope="module")
def worker(shop, hire):
    if shop.isolation.level != "full":
        pytest.skip(f"this machine offers {shop.isolation.level}: {'; '.join(shop.isolation.gaps)}")
    return hire(ATTEMPTS)


@pytest.fixture(scope="module")
def attempt(worker, ask):
    return lambda *arguments: ask(worker, *arguments)


@pytest.fixture(scope="module")
def places(shop, hire, worker):
    """Files and folders that are not a worker's, by what they are."""
    neighbour = hire("def probabilities():\n    return 1\n")
    room = worker._worker.folder.parent.parent
    zygote = shop._process.pid
    return {
        "a hidden suite": next(ROOT.glob("grader/hidden/*/suite.py")),
        "a solution": next(ROOT.glob("solutions/*/*.py")),
        "another submission": neighbour._worker.folder / "note.txt",
        "a file of the room": room / "canary",
        "a log": room / "logs" / "1",
        "the judge's own code": ROOT / "grader" / "judge" / "grade.py",
        "the users": Path("/etc/passwd"),
        "the judge's environment": Path(f"/proc/{os.getpid()}/environ"),
        "the judge's memory": Path(f"/proc/{os.getpid()}/mem"),
        "the judge's descriptors": Path(f"/proc/{os.getpid()}/fd"),
        "the judge's command": Path(f"/proc/{os.getpid()}/cmdline"),
        "the warm process's memory": Path(f"/proc/{zygote}/mem"),
        "the neighbour's memory": Path(f"/proc/{neighbour._worker.pid}/maps"),
    }


NAMES = ["a hidden suite", "a solution", "another submission", "a file of the room", "a log", "the judge's own code",
         "the users", "the judge's environment", "the judge's memory", "the judge's command", "the warm process's memory",
         "the neighbour's memory"]  # fmt: skip
WAYS = ["read", "read over a link", "read over a hard link", "read over the root of the process", "move here", "append",
        "truncate", "truncate by opening", "delete", "change mode", "change times", "change owner", "set an attribute"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_file_of_others_can_be_read(attempt, places, name):
    assert attempt("read", str(places[name])).startswith("stopped")


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_another_file(attempt, places, way):
    canary = places["a file of the room"]
    before = canary.read_bytes(), canary.stat()
    assert attempt(way, str(canary)).startswith("stopped")
    assert canary.read_bytes() == before[0]
    assert (canary.stat().st_mode, canary.stat().st_mtime_ns) == (before[1].st_mode, before[1].st_mtime_ns)


@pytest.mark.parametrize("folder", ["/", "/tmp", "/root", "/home", "/etc", "/proc", "/dev", "/dev/shm", "the room",
                                    "the repository", "the judge's descriptors"])  # fmt: skip
def test_no_folder_of_others_can_be_listed(attempt, places, folder):
    named = {"the room": places["a file of the room"].parent, "the repository": ROOT}
    path = named.get(folder) or places.get(folder) or folder
    assert attempt("list", str(path)).startswith("stopped")


@pytest.mark.parametrize("what", ["make a file", "make a folder", "make a link", "make a pipe"])
@pytest.mark.parametrize("where", ["temporary", "shared memory", "room", "checkpoints", "packages", "staged modules"])
def test_nothing_can_be_made_outside_the_own_folder(attempt, places, where, what):
    room = places["a file of the room"].parent
    folder = {
        "temporary": tempfile.gettempdir(),
        "shared memory": "/dev/shm",
        "room": room,
        "checkpoints": cache.home(),
        "packages": Path(pytest.__file__).parent,
        "staged modules": room / "stage" / "grader",
    }[where]
    assert attempt(what, str(folder)).startswith("stopped")
    assert not Path(folder, "made").exists()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_socket_of_any_family_can_be_opened(attempt, family):
    for kind in KINDS:
        assert attempt("socket", family, int(kind)).startswith("stopped")


@pytest.mark.parametrize("name", ["multipath", "resolve", "connect", "datagrams to others"])
def test_the_network_is_out_of_reach(attempt, name):
    assert attempt(name).startswith("stopped")


@pytest.mark.parametrize("name", ["fork", "vfork", "spawn", "run", "shell", "exec", "pool", "kill all",
                                  "leave the session", "leave the group", "anonymous file"])  # fmt: skip
def test_no_process_can_be_started_or_left(attempt, name):
    assert attempt(name).startswith("stopped")


@pytest.mark.parametrize("whom", ["judge", "warm process", "neighbour", "init"])
@pytest.mark.parametrize("name", ["kill", "kill for real", "kill the group", "watch", "limit", "slow down", "pin",
                                  "signal by a descriptor"])  # fmt: skip
def test_no_other_process_can_be_reached(attempt, places, shop, whom, name):
    neighbour = int(places["the neighbour's memory"].parent.name)
    pid = {"judge": os.getpid(), "warm process": shop._process.pid, "neighbour": neighbour, "init": 1}[whom]
    assert attempt(name, pid).startswith("stopped")


@pytest.mark.parametrize("name", BY_NUMBER.split())
def test_a_refused_call_is_refused_by_its_number_too(attempt, name):
    number = syscalls.NUMBERS[name][syscalls.COLUMN[kernel.architecture()]]
    assert attempt("call", number, 0, 0, 0, 0, 0).startswith("stopped")


@pytest.mark.skipif(sys.maxsize < 2**32, reason="64-bit only")
def test_the_numbers_of_another_calling_convention_are_refused(attempt):
    x32_socket = 0x40000000 + 41
    assert attempt("call", x32_socket, 2, 1, 0).startswith("stopped")
    assert attempt("call", 10_000).startswith("stopped")


def test_that_a_file_exists_can_still_be_learned(attempt, places):
    """Landlock does not cover `stat`; a folder that is closed to the worker's user does."""
    assert attempt("look at", str(places["a file of the room"])) == "went through"


def test_a_worker_that_tried_everything_is_still_alive_and_so_are_the_others(worker, places, attempt):
    assert worker._worker.alive
    assert attempt("read", str(places["the users"])).startswith("stopped")
    os.kill(int(places["the neighbour's memory"].parent.name), 0)
