"""Runs a command on a machine that offers less than this one: python machine.py [--user ROOM] [--without NAME]… -- COMMAND.

`--user` is an ordinary user (only root can become one), who owns the folder ROOM, and to whom the ways to the
interpreter, the checkpoints and this repository are opened. `--without` takes a primitive away by a filter that all descendants inherit: `landlock` as a
kernel that lacks it, `namespaces` as a container that forbids them, `seccomp` as a kernel without filters.
"""

import argparse
import ctypes
import errno
import os
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from grader.catalogue import ROOT
from grader.checkpoints import cache
from grader.judge import confinement
from grader.worker.sandbox import kernel, namespaces, seccomp

USER = 65534
WITHOUT = {  # name: the answer, and the calls by architecture
    "landlock": (errno.ENOSYS, {"x86_64": [444, 445, 446], "aarch64": [444, 445, 446]}),
    "namespaces": (errno.EPERM, {"x86_64": [272], "aarch64": [97]}),
    "seccomp": (errno.EINVAL, {"x86_64": [317], "aarch64": [277]}),
}


def become_ordinary(room):
    """Become an ordinary user who can reach what the grader needs, and whose temporary files go to `room`."""
    os.chown(room, USER, USER)
    kernel.call("unshare", kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    needed = [
        str(room),
        *confinement.readable(room, cache.home()),
        str(ROOT),
        sys.executable,
        str(Path(sys.executable).resolve().parent),
    ]
    namespaces.open_ways(sorted({*needed, sys.prefix}))
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    os.environ.update(TMPDIR=str(room), HOME=str(room), USER="ordinary")


def take_away(names):
    """Answer the calls of these primitives as a machine without them would."""
    machine = kernel.architecture()
    lines = [(seccomp.LOAD, 0, 0, seccomp.NR)]
    for name in names:
        answer, calls = WITHOUT[name]
        for number in calls[machine]:
            lines += [(seccomp.JUMP_EQUAL, 0, 1, number), (seccomp.RETURN, 0, 0, seccomp.ERRNO | answer)]
    lines.append((seccomp.RETURN, 0, 0, seccomp.ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    header = ctypes.create_string_buffer(struct.pack("@HxxxxxxQ", len(lines), ctypes.addressof(code)), 16)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.call("seccomp", seccomp.SET_MODE_FILTER, 0, ctypes.addressof(header))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", type=Path, metavar="ROOM")
    parser.add_argument("--without", action="append", default=[], choices=WITHOUT)
    parser.add_argument("command", nargs="+")
    chosen = parser.parse_args()
    os.environ["GRADER_CACHE"] = str(cache.home().parent)
    if chosen.user:
        become_ordinary(chosen.user.resolve())
    if chosen.without:
        take_away(chosen.without)
    os.execvp(chosen.command[0], chosen.command)
