"""What bounds a worker on every platform: its session, folder, environment, descriptors and resources.

Wall-clock limits are not here: they are enforced from outside, by ending the whole process group. What the kernel can
shut besides is in `sandbox`; the order of it all is in `confine`.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.worker.sandbox import kernel

MIB = 2**20
OWN_PROCESSES = 256  # of a user of its own; threads count


@dataclass(frozen=True)
class Policy:
    """Bounds of one worker. `memory_mib` counts on top of what the warm process already maps.

    On the device "cuda" it is not kept: CUDA maps the memory of all devices into the address space, far more than any
    worker uses, and no other limit that a process can set on itself counts what it uses.

    `layers` are those of `confine` that must hold; on `trial`, those that do not are reported and the worker goes on.
    `read` are the files and folders that it reads besides its own folder; `devices` the device files that it may use.
    `canaries` must be out of its reach, and the lines `closed` be closed. `user` is the user that it becomes.
    """

    folder: str
    device: str = "cpu"
    memory_mib: int = 2048
    file_mib: int = 32
    folder_mib: int = 256
    cpu_s: int = 300
    open_files: int = 256
    layers: tuple[str, ...] = ()
    trial: bool = False
    read: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    user: int = 0

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def take_descriptors(log: int, keep: int) -> None:
    """Leave this process with no input, its output to `log`, `keep` as descriptor 3, and nothing else."""
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


def take_folder(folder: str) -> None:
    """Make `folder` the place where this process works, and where its temporary files go."""
    os.umask(0o077)
    os.chdir(folder)
    tempfile.tempdir = folder
    os.environ.update(HOME=folder, TMPDIR=folder)


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none escapes (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)


def die_first() -> None:
    """Be what the kernel ends first where memory runs out (Linux, where /proc can be written; elsewhere nothing)."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def set_limits(policy: Policy) -> None:
    """Set the resource limits of `policy` on this process, for good."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: policy.cpu_s,
        resource.RLIMIT_FSIZE: policy.file_mib * MIB,
        resource.RLIMIT_NOFILE: policy.open_files,
    }
    statm = Path("/proc/self/statm")
    if statm.exists() and policy.device != "cuda":
        pages = [int(number) for number in statm.read_text().split()]
        wanted[resource.RLIMIT_DATA] = pages[5] * resource.getpagesize() + policy.memory_mib * MIB
        wanted[resource.RLIMIT_AS] = pages[0] * resource.getpagesize() + policy.memory_mib * MIB
    if policy.user:
        wanted[resource.RLIMIT_NPROC] = OWN_PROCESSES
    for limit, value in wanted.items():
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


def _highest_descriptor() -> int:
    folder = Path("/proc/self/fd")
    if folder.exists():
        return max(int(entry.name) for entry in folder.iterdir())
    return 1024
