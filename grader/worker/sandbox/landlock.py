"""Landlock: which files a worker reads and writes, no TCP, and no signals or abstract sockets beyond its own domain.

What this kernel offers is asked of it (its ABI, 1 to 7 and later); rights that it does not know are left out. There are
no deny rules: what is not listed cannot be opened. `stat` is not covered, so that a name and a size can be learned.
Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Sequence

from grader.worker.sandbox import kernel

VERSION = 1  # flag of landlock_create_ruleset: return the ABI
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15  # since ABI 2, 3 and 5

ON_FILES = WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the only rights that a rule for a file may name
READ = READ_FILE | READ_DIR
OWN = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | MAKE_FIFO | REFER | TRUNCATE
DEVICE = READ_FILE | WRITE_FILE
ACCELERATOR = READ | WRITE_FILE | IOCTL_DEV

NET_BIND_TCP, NET_CONNECT_TCP = 1 << 0, 1 << 1  # since ABI 4
SCOPE_ABSTRACT_UNIX, SCOPE_SIGNAL = 1 << 0, 1 << 1  # since ABI 6


def abi() -> int:
    """Return the version of Landlock that this kernel offers. Errors: `Unavailable`."""
    try:
        return kernel.call("landlock_create_ruleset", 0, 0, VERSION)
    except OSError as error:
        blocked = {1: "blocked here (by a container's seccomp profile?)", 95: "switched off in this kernel"}
        raise kernel.Unavailable(blocked.get(error.errno or 0, "not in this kernel")) from None


def known_rights(version: int) -> tuple[int, int, int]:
    """Return the rights on files, on the network, and the scopes that ABI `version` knows."""
    files = (1 << 13) - 1
    for right, since in ((REFER, 2), (TRUNCATE, 3), (IOCTL_DEV, 5)):
        files |= right if version >= since else 0
    net = NET_BIND_TCP | NET_CONNECT_TCP if version >= 4 else 0
    scope = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL if version >= 6 else 0
    return files, net, scope


def ruleset_attribute(version: int) -> bytes:
    """Return the attribute of a ruleset in the size that ABI `version` takes."""
    files, net, scope = known_rights(version)
    return struct.pack("=QQQ", files, net, scope)[: 8 if version < 4 else 16 if version < 6 else 24]


def restrict(
    read: Sequence[str], own: Sequence[str], devices: Sequence[str] = (), accelerators: Sequence[str] = (),
    version: int | None = None,
) -> int:  # fmt: skip
    """Restrict this thread to these paths and to no TCP, for good; return the ABI that was used.

    `read` and `own` are files or folders with all below them; one that does not exist is left out. `version` lowers the
    ABI. Errors: `Unavailable`, `OSError`. Effects: needs no_new_privs.
    """
    version = abi() if version is None else min(version, abi())
    known = known_rights(version)[0]
    attribute = ctypes.create_string_buffer(ruleset_attribute(version), len(ruleset_attribute(version)))
    ruleset = kernel.call("landlock_create_ruleset", ctypes.addressof(attribute), len(attribute), 0)
    try:
        for paths, rights in ((read, READ), (own, OWN), (devices, DEVICE), (accelerators, ACCELERATOR)):
            for path in paths:
                _allow(ruleset, path, rights & known)
        kernel.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        rights &= (1 << 63) - 1 if os.path.isdir(path) else ON_FILES  # noqa: PTH112
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor), 12)
        kernel.call("landlock_add_rule", ruleset, PATH_BENEATH, ctypes.addressof(rule), 0)
    finally:
        os.close(descriptor)
