"""What bounds a worker from its start: its own session, folder, environment and resources.

Wall-clock limits are not here: they are enforced from outside, by ending the whole process group.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Policy:
    """Bounds of one worker. `memory_mib` counts on top of what the warm process already maps.

    On the device "cuda" it is not kept: CUDA maps the memory of all devices into the address space, far more than any
    worker uses, and no other limit that a process can set on itself counts what it uses.
    """

    folder: str
    device: str = "cpu"
    memory_mib: int = 2048
    file_mib: int = 32
    cpu_s: int = 300
    open_files: int = 256

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def confine(policy: Policy, log: int, keep: int) -> None:
    """Confine this process: output to `log`, no descriptor but `keep`, everything else as `policy` says."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if keep != 3:
        os.dup2(keep, 3)
    os.closerange(4, _highest_descriptor() + 1)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", buffering=1), open(2, "w", buffering=1)  # noqa: SIM115
    die_with_parent()
    os.umask(0o077)
    os.chdir(policy.folder)
    tempfile.tempdir = policy.folder
    os.environ.update(HOME=policy.folder, TMPDIR=policy.folder)
    _set_limits(policy)


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends (Linux; elsewhere nothing)."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none escapes (Linux; elsewhere nothing)."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _highest_descriptor() -> int:
    folder = Path("/proc/self/fd")
    if folder.exists():
        return max(int(entry.name) for entry in folder.iterdir())
    return 1024


def _set_limits(policy: Policy) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    mib = 2**20
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: policy.cpu_s,
        resource.RLIMIT_FSIZE: policy.file_mib * mib,
        resource.RLIMIT_NOFILE: policy.open_files,
    }
    statm = Path("/proc/self/statm")
    if statm.exists() and policy.device != "cuda":
        mapped = int(statm.read_text().split()[0]) * resource.getpagesize()
        wanted[resource.RLIMIT_AS] = mapped + policy.memory_mib * mib
    for limit, value in wanted.items():
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
