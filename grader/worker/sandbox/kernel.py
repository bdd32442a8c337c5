"""Calls of the Linux kernel that Python's standard library does not offer, by ctypes. Knows numbers, no policy.

Numbers: asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64) of Linux 6.5; constants: prctl(2), capabilities(7),
mount(2), unshare(2). From number 424 on, both architectures count alike.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 0x1000, 0x4000, 1 << 18

# What this package itself calls; what the filter names is in `syscalls`.
NUMBERS = {
    "x86_64": {"fork": 57, "clone": 56, "process_vm_readv": 310, "seccomp": 317, "unshare": 272, "capset": 126},
    "aarch64": {"clone": 220, "process_vm_readv": 270, "seccomp": 277, "unshare": 97, "capset": 91},
}
LANDLOCK = {"landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}


class Unavailable(Exception):
    """A primitive is not to be had here. The message is the reason, in a few words."""


def architecture() -> str:
    """Return the name of this machine's system call table. Errors: `Unavailable` where we have none."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
    if sys.platform != "linux":
        raise Unavailable(f"{platform.system()} does not have it")
    if machine not in NUMBERS or sys.maxsize < 2**32:
        raise Unavailable(f"no table of system calls for {machine}")
    return machine


def call(name: str, *arguments: int) -> int:
    """Make the system call `name` and return its result. Errors: `OSError`, `Unavailable`."""
    number = (NUMBERS[architecture()] | LANDLOCK)[name]
    result = _libc().syscall(ctypes.c_long(number), *(ctypes.c_long(value) for value in arguments))
    if result < 0:
        _raise(name)
    return int(result)


def prctl(option: int, value: int) -> None:
    """Set one attribute of this process (Linux). Errors: `OSError`."""
    arguments = (ctypes.c_ulong(number) for number in (value, 0, 0, 0))
    if _libc().prctl(ctypes.c_int(option), *arguments) != 0:
        _raise("prctl")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system of this kind on `target`, or change or bind one that is there. Errors: `OSError`."""
    texts = (text.encode() for text in (source, target, kind))
    if _libc().mount(*texts, ctypes.c_ulong(flags), options.encode()) != 0:
        _raise("mount")


def capabilities() -> int:
    """Return the effective capabilities of this process as bits."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)


def drop_capabilities() -> None:
    """Give up every capability, for good once no_new_privs is set. Errors: `OSError`."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call("capset", ctypes.addressof(header), ctypes.addressof(nothing))


def reason(error: Exception) -> str:
    """Return what went wrong in a few words: which call, and what the kernel answered."""
    if isinstance(error, OSError) and error.errno:
        called = error.filename or "the system call"
        return f"{called}: {os.strerror(error.errno).lower()}"
    return str(error) or type(error).__name__


def _raise(name: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number), name)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
