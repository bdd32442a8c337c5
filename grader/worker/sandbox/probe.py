"""What a confined worker can still do, found out by trying: the claims of a level rest on this alone.

Each attempt does no harm where it succeeds. A line is open as soon as one of its attempts succeeds.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.worker.sandbox import kernel

FILES, NETWORK, PROCESSES = LINES = ("file system", "network", "processes")
FAMILIES = ("AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK")


def open_lines(canaries: Sequence[str], parent: int) -> dict[str, str]:
    """Return the lines that are open, each with the first attempt that succeeded.

    `canaries` are files that a worker must neither read nor write, nor make another beside them; `parent` is the
    process that it must not reach.
    """
    found: dict[str, str] = {}
    for line, what, attempt in _attempts(canaries, parent):
        if line not in found:
            try:
                succeeded = attempt()
            except OSError:
                continue
            if succeeded:
                found[line] = what
    return found


def _attempts(canaries: Sequence[str], parent: int) -> list[tuple[str, str, Callable[[], bool]]]:
    attempts = []
    for path in canaries:
        attempts += [
            (FILES, "reads files outside its folder", lambda path=path: _opens(path, os.O_RDONLY)),
            (FILES, "writes files outside its folder", lambda path=path: _opens(path, os.O_WRONLY | os.O_APPEND)),
            (FILES, "makes files outside its folder", lambda path=path: _makes(Path(path).parent)),
        ]
    for name in FAMILIES:
        family = getattr(socket, name, None)
        if family is not None:
            attempts.append((NETWORK, f"opens a socket ({name})", lambda family=family: _connects(family)))
    return [
        *attempts,
        (PROCESSES, "starts processes", _forks),
        (PROCESSES, "signals another process", lambda: _signals(parent)),
        (PROCESSES, "reads another process's memory", lambda: _peeks(parent)),
        (PROCESSES, "opens another process's memory", lambda: _opens(f"/proc/{parent}/mem", os.O_RDONLY)),
        (PROCESSES, "sets another process's limits", lambda: _limits(parent)),
    ]


def _opens(path: str, flags: int) -> bool:
    os.close(os.open(path, flags | os.O_CLOEXEC))
    return True


def _makes(folder: Path) -> bool:
    path = folder / f".probe-{os.getpid()}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    path.unlink()
    return True


def _connects(family: int) -> bool:
    socket.socket(family, socket.SOCK_DGRAM if family != socket.AF_NETLINK else socket.SOCK_RAW).close()
    return True


def _forks() -> bool:
    """Fork without Python's own hooks, which a child that ends at once does not need."""
    name, arguments = ("fork", ()) if "fork" in kernel.NUMBERS[kernel.architecture()] else ("clone", (signal.SIGCHLD,))
    child = kernel.call(name, *arguments)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def _signals(parent: int) -> bool:
    os.kill(parent, 0)
    return True


def _peeks(parent: int) -> bool:
    """Whether memory of `parent` could be read; no memory lies at address 0, so that is what the kernel says then."""
    here = ctypes.create_string_buffer(8)
    local = (ctypes.c_size_t * 2)(ctypes.addressof(here), 8)
    there = (ctypes.c_size_t * 2)(0, 8)
    try:
        kernel.call(
            "process_vm_readv", parent, ctypes.addressof(local), 1, ctypes.addressof(there), 1, 0
        )  # fmt: skip
    except OSError as error:
        return error.errno == errno.EFAULT
    return True


def _limits(parent: int) -> bool:
    resource.prlimit(parent, resource.RLIMIT_CORE, resource.prlimit(parent, resource.RLIMIT_CORE))
    return True
