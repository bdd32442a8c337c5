"""The filter of system calls as data: its decisions on both architectures, by an interpreter of its own."""

import errno
import re
from pathlib import Path

import pytest

from grader.worker.sandbox import seccomp, syscalls

PID = 4242
OTHER = 1
MACHINES = ("x86_64", "aarch64")
HEADERS = {
    "x86_64": [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")],
    "aarch64": [Path("/usr/include/asm-generic/unistd.h")],
}
REFUSED, UNKNOWN, PRETENDED = (seccomp.ERRNO | number for number in (errno.EPERM, errno.ENOSYS, 0))


def decide(program, arch, number, *arguments):
    """Run a filter program on one call and return its answer; the kernel checks the same bounds when it loads one."""
    words = {seccomp.NR: number, seccomp.ARCH: arch}
    for place, value in enumerate(arguments):
        words[seccomp.ARGUMENTS + 8 * place] = value & 0xFFFFFFFF
        words[seccomp.ARGUMENTS + 8 * place + 4] = value >> 32 & 0xFFFFFFFF
    accumulator, line = 0, 0
    while True:
        code, if_true, if_false, constant = program[line]
        line += 1
        if code == seccomp.LOAD:
            accumulator = words.get(constant, 0)
        elif code == seccomp.AND:
            accumulator &= constant
        elif code == seccomp.JUMP_EQUAL:
            line += if_true if accumulator == constant else if_false
        elif code == seccomp.JUMP_GREATER:
            line += if_true if accumulator > constant else if_false
        else:
            assert code == seccomp.RETURN
            return constant


@pytest.fixture(params=MACHINES)
def machine(request):
    return request.param


@pytest.fixture
def answer(machine):
    """The filter's answer to a call by its name, or None where this architecture lacks it."""
    program = seccomp.program(machine, PID)

    def answer(name, *arguments):
        number = syscalls.NUMBERS[name][syscalls.COLUMN[machine]]
        return None if number is None else decide(program, seccomp.AUDIT_ARCH[machine], number, *arguments)

    return answer


def test_every_refused_call_is_refused(answer):
    for names in syscalls.REFUSED.values():
        for name in names.split():
            assert answer(name, 0, 0, 0) in (REFUSED, None), name


def test_every_call_of_the_tables_has_a_rule():
    ruled = {name for names in syscalls.REFUSED.values() for name in names.split()}
    ruled |= {*syscalls.PRETENDED.split(), *syscalls.UNKNOWN.split(), "truncate"}
    assert ruled | {guard.call for guard in syscalls.guards(PID)} == set(syscalls.NUMBERS)


THREAD = 0x3D0F00  # the flags with which the C library starts a thread
CASES = [
    ("clone", (THREAD,), seccomp.ALLOW),
    ("clone", (17,), REFUSED),  # a child that ends with SIGCHLD: fork
    ("clone", (THREAD & ~0x10000,), REFUSED),
    ("clone3", (0, 0), UNKNOWN),
    ("socketpair", (1, 1, 0), seccomp.ALLOW),
    ("socketpair", (1, 1 | 0o2000000 | 0o4000, 0), seccomp.ALLOW),  # with flags: close on exec, not blocking
    ("socketpair", (1, 2, 0), REFUSED),
    ("socketpair", (2, 1, 0), REFUSED),
    ("kill", (PID, 9), seccomp.ALLOW),
    ("kill", (OTHER, 9), REFUSED),
    ("kill", (0, 9), REFUSED),
    ("kill", (2**64 - 1, 9), REFUSED),
    ("kill", (2**64 - PID, 9), REFUSED),
    ("kill", (2**32 + PID, 9), seccomp.ALLOW),  # the kernel reads the low half too
    ("tgkill", (PID, PID + 1, 6), seccomp.ALLOW),
    ("tgkill", (OTHER, OTHER, 6), REFUSED),
    ("prlimit64", (0, 7, 0, 0), seccomp.ALLOW),
    ("prlimit64", (PID, 7, 0, 0), seccomp.ALLOW),
    ("prlimit64", (OTHER, 7, 0, 0), REFUSED),
    ("sched_setaffinity", (0, 8, 0), seccomp.ALLOW),
    ("sched_setaffinity", (OTHER, 8, 0), REFUSED),
    ("setpriority", (0, 0, 5), seccomp.ALLOW),
    ("setpriority", (0, OTHER, 5), REFUSED),
    ("setpriority", (1, 0, 5), REFUSED),  # a process group
    ("setpriority", (2, 0, 5), REFUSED),  # all of a user's processes
    ("ioprio_set", (1, OTHER, 0), REFUSED),
    ("ioprio_set", (3, 0, 0), REFUSED),
    ("fcntl", (0, 1, 0), seccomp.ALLOW),
    ("fcntl", (0, 3, 0), seccomp.ALLOW),
    ("fcntl", (0, 8, OTHER), REFUSED),
    ("fcntl", (0, 10, 9), REFUSED),
    ("fcntl", (0, 15, 0), REFUSED),
    ("ioctl", (1, 0x5401), seccomp.ALLOW),  # is it a terminal?
    ("ioctl", (0, 0x5412), REFUSED),  # type into it
    ("ioctl", (0, 0x8901), REFUSED),
    ("ioctl", (0, 2**32 + 0x5412), REFUSED),  # the kernel reads the low half
    ("prctl", (15, 0), seccomp.ALLOW),  # a thread's name
    ("prctl", (1, 0), REFUSED),
    ("prctl", (4, 1), REFUSED),
    ("chmod", (0, 0), PRETENDED),
    ("fchmodat", (0, 0, 0), PRETENDED),
    ("utimensat", (0, 0, 0x7F00_0000_0010, 0), PRETENDED),
    ("utimensat", (0, 0, 0, 0), REFUSED),  # "now": what touches a file makes it then
    ("truncate", (0, 0), seccomp.ALLOW),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES, ids=lambda value: str(value))
def test_an_argument_decides(answer, name, arguments, expected):
    assert answer(name, *arguments) in (expected, None)


def test_truncation_by_name_is_refused_where_landlock_does_not_cover_it(machine):
    program = seccomp.program(machine, PID, truncate=False)
    number = syscalls.NUMBERS["truncate"][syscalls.COLUMN[machine]]
    assert decide(program, seccomp.AUDIT_ARCH[machine], number, 0, 0) == REFUSED


def test_calls_that_are_newer_than_the_table_are_unknown(machine):
    program = seccomp.program(machine, PID)
    arch = seccomp.AUDIT_ARCH[machine]
    assert decide(program, arch, syscalls.CEILING + 1) == UNKNOWN
    assert decide(program, arch, 0x40000000 + 41, 2, 1, 0) == UNKNOWN  # x32
    assert decide(program, arch, 0xFFFFFFFF) == UNKNOWN


def test_calls_of_another_architecture_end_the_process(machine):
    program = seccomp.program(machine, PID)
    for arch in (0x40000003, 0x40000028, *(a for name, a in seccomp.AUDIT_ARCH.items() if name != machine)):
        assert decide(program, arch, 1) == seccomp.KILL_PROCESS


ORDINARY = {  # numbers that every program needs
    "x86_64": {"read": 0, "write": 1, "openat": 257, "mmap": 9, "mprotect": 10, "futex": 202, "recvfrom": 45,
               "sendto": 44, "exit_group": 231, "getrandom": 318, "sched_getaffinity": 204, "statx": 332, "rseq": 334},
    "aarch64": {"read": 63, "write": 64, "openat": 56, "mmap": 222, "mprotect": 226, "futex": 98, "recvfrom": 207,
                "sendto": 206, "exit_group": 94, "getrandom": 278, "sched_getaffinity": 123, "statx": 291, "rseq": 293},
}  # fmt: skip


def test_what_every_program_needs_is_allowed(machine):
    program = seccomp.program(machine, PID)
    for name, number in ORDINARY[machine].items():
        assert decide(program, seccomp.AUDIT_ARCH[machine], number, 0, 0, 0) == seccomp.ALLOW, name


def test_a_program_is_one_that_the_kernel_takes(machine):
    program = seccomp.program(machine, PID)
    assert len(program) <= 4096
    for place, (code, if_true, if_false, constant) in enumerate(program):
        assert 0 <= constant <= 0xFFFFFFFF
        if code in (seccomp.JUMP_EQUAL, seccomp.JUMP_GREATER):
            assert max(if_true, if_false) <= 255
            assert place + 1 + max(if_true, if_false) < len(program)
    assert program[-1][0] == seccomp.RETURN


def test_the_numbers_are_those_of_the_kernels_headers(machine):
    header = next((path for path in HEADERS[machine] if path.exists()), None)
    if header is None:
        pytest.skip(f"no kernel headers for {machine} here (linux-libc-dev)")
    text = header.read_text()
    stated = dict(re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", text, re.MULTILINE))
    last = max(map(int, stated.values()))
    for name, both in syscalls.NUMBERS.items():
        number = both[syscalls.COLUMN[machine]]
        if number is not None and number <= last and name in stated:
            assert int(stated[name]) == number, name
        if number is None:
            assert name not in stated, name
    assert len(stated) > 250
