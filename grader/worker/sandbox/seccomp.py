"""The filter of system calls: the rules of `syscalls` as a program for the kernel, and its installation.

The program is pure data, the same wherever it is built. Source: seccomp(2), linux/filter.h, linux/audit.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from itertools import groupby

from grader.worker.sandbox import kernel, syscalls

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, JUMP_EQUAL, JUMP_GREATER, AND, RETURN = 0x20, 0x15, 0x25, 0x54, 0x06
NR, ARCH, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
SET_MODE_FILTER, TSYNC, SPEC_ALLOW = 1, 1, 4

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


def program(machine: str, pid: int, truncate: bool = True) -> list[Instruction]:
    """Return the filter for the worker `pid`. `truncate=False` refuses truncation by name, for an old Landlock."""
    column = syscalls.COLUMN[machine]
    numbers = {name: both[column] for name, both in syscalls.NUMBERS.items() if both[column] is not None}
    refuse, unknown = ERRNO | errno.EPERM, ERRNO | errno.ENOSYS
    lines: list[Instruction] = [
        (LOAD, 0, 0, ARCH),
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, KILL_PROCESS),  # 32-bit calls on a 64-bit kernel have other numbers
        (LOAD, 0, 0, NR),
        (JUMP_GREATER, 0, 1, syscalls.CEILING),  # x32 calls too: their numbers begin at 2**30
        (RETURN, 0, 0, unknown),
    ]
    answers = {name: refuse for names in syscalls.REFUSED.values() for name in names.split()}
    answers |= dict.fromkeys(syscalls.PRETENDED.split(), ERRNO) | dict.fromkeys(syscalls.UNKNOWN.split(), unknown)
    answers |= {} if truncate else {"truncate": refuse}
    guarded = {name: list(guards) for name, guards in groupby(syscalls.guards(pid), key=lambda guard: guard.call)}
    for name in [*answers, *(name for name in guarded if name not in answers)]:
        if name in numbers:
            block = [line for guard in guarded.get(name, ()) for line in _guard(guard, refuse)]
            block.append((RETURN, 0, 0, answers.get(name, ALLOW)))
            lines += [(JUMP_EQUAL, 0, len(block), numbers[name] or 0), *block]
    return [*lines, (RETURN, 0, 0, ALLOW)]


def _guard(guard: syscalls.Guard, refuse: int) -> list[Instruction]:
    """Return the lines that go on where `guard` is met. Only the low half is read: these arguments are ints."""
    count = len(guard.values)
    lines = [(LOAD, 0, 0, ARGUMENTS + 8 * guard.argument), (AND, 0, 0, guard.mask)]
    if guard.only:  # a value that fits jumps over the refusal
        tests = [(JUMP_EQUAL, count - place, 0, value) for place, value in enumerate(guard.values)]
        return [*lines, *tests, (RETURN, 0, 0, refuse)]
    tests = [
        (JUMP_EQUAL, count - 1 - place, 1 if place == count - 1 else 0, value)
        for place, value in enumerate(guard.values)
    ]
    return [*lines, *tests, (RETURN, 0, 0, refuse)]


def install(truncate: bool = True) -> None:
    """Filter the calls of this process, all its threads, for good. Errors: `Unavailable`. Effects: no_new_privs."""
    lines = program(kernel.architecture(), os.getpid(), truncate)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    header = ctypes.create_string_buffer(struct.pack("@HxxxxxxQ", len(lines), ctypes.addressof(code)), 16)
    for flags in (TSYNC | SPEC_ALLOW, TSYNC):
        try:
            stopped = kernel.call("seccomp", SET_MODE_FILTER, flags, ctypes.addressof(header))
        except OSError as error:
            if flags == TSYNC:
                raise kernel.Unavailable(f"this kernel refuses a filter ({kernel.reason(error)})") from None
        else:
            if stopped:
                raise kernel.Unavailable("a thread could not be filtered")
            return
