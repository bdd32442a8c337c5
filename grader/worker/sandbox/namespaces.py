"""What root, or a user namespace, adds: no network at all, a folder of bounded size, a user of its own.

The warm process enters its namespaces once, before it imports anything; a worker gets its folder and user by itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path

from grader.worker.sandbox import kernel
from grader.worker.sandbox.kernel import Unavailable

APART = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
TO_CHANGE_USERS = sum(1 << number for number in (0, 1, 5, 6, 7))  # CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID
FILES_PER_MIB = 64
LOOKED_AT = 500  # files below each needed path; interpreter and packages were installed in one way or another


def enter(trial: str, needed: Sequence[str]) -> None:
    """Move this process into namespaces of its own, where mounts, network, SysV IPC and host name are its alone.

    As root, the ways to `needed` are opened there to every user. All is tried in a child first, with a mount on the
    folder `trial`, because some systems let a process enter a user namespace and then deny it everything there.
    Errors: `Unavailable`. Effects: where something is opened, the working folder is left for the root.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"the trial failed"
        try:
            _enter(needed)
            kernel.mount("none", trial, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=64k")
            answer = b""
        except (OSError, Unavailable) as error:
            answer = kernel.reason(error).encode()
        finally:
            os.write(writing, answer)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if answer:
        raise Unavailable(answer.decode())
    _enter(needed)


def _enter(needed: Sequence[str]) -> None:
    user, group = os.geteuid(), os.getegid()
    try:
        kernel.call("unshare", APART)
    except PermissionError:
        kernel.call("unshare", APART | kernel.CLONE_NEWUSER)
        for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", file).write_text(text)
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    if user == 0:
        open_ways(needed)


def open_ways(needed: Sequence[str]) -> None:
    """Let every user reach `needed`, in this process's mount namespace alone. Errors: `OSError`.

    A folder on the way that is closed to others, such as /root, is covered by an empty one, and what is needed of it is
    put into its place there; nothing else of it can be seen then.
    """
    held: list[tuple[Path, int]] = []
    covered: set[Path] = set()
    for path in map(Path, sorted(needed)):
        closed = next((way for way in reversed(path.parents[:-1]) if not way.stat().st_mode & stat.S_IXOTH), None)
        if closed is not None and not any(path.is_relative_to(other) for other, _ in held):
            covered.add(closed)
            held.append((path, os.open(path, os.O_PATH | os.O_CLOEXEC)))
    for folder in covered:
        kernel.mount("none", str(folder), "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=0755")
    for path, descriptor in held:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        (path if is_folder else path.parent).mkdir(parents=True, exist_ok=True)
        if not is_folder:
            path.touch()
        kernel.mount(f"/proc/self/fd/{descriptor}", str(path), "none", kernel.MS_BIND | kernel.MS_REC)
        os.close(descriptor)


def bound_folder(folder: str, mib: int, user: int) -> None:
    """Put a file system of at most `mib` MiB in the place of `folder`, visible to this process alone, with its files.

    It belongs to `user`, or to this process's user where that is 0. Errors: `OSError`. Effects: this process has a
    mount namespace of its own.
    """
    owner = (user, user) if user else (os.geteuid(), os.getegid())
    kernel.call("unshare", kernel.CLONE_NEWNS)
    files = {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
    options = f"size={mib}m,nr_inodes={mib * FILES_PER_MIB},mode=0700,uid={owner[0]},gid={owner[1]}"
    kernel.mount("none", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)
    for name, data in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def become(user: int, folder: str, needed: Sequence[str]) -> None:
    """Become the user `user`, who owns `folder` and all in it. Errors: `Unavailable`, `OSError`.

    `needed` are the paths that it must be able to read; where it cannot, the reason names the first.
    """
    if os.geteuid() != 0:
        raise Unavailable("only root can change the user")
    if kernel.capabilities() & TO_CHANGE_USERS != TO_CHANGE_USERS:
        raise Unavailable("this root lacks the capabilities to change users and to end what they run")
    try:
        for path in (Path(folder), *Path(folder).rglob("*")):
            os.chown(path, user, user, follow_symlinks=False)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        raise Unavailable(f"no user of this number here ({os.strerror(error.errno or 0).lower()})") from None
    for needs in needed:
        hidden = unreadable(Path(needs))
        if hidden is not None:
            raise Unavailable(f"{hidden} is closed to other users")


def unreadable(path: Path) -> Path | None:
    """Return a file or folder on the way to `path`, or among the first below it, that this process cannot read."""
    for folder in reversed(path.parents):
        if not os.access(folder, os.X_OK):
            return folder
    for found in islice(chain([path], path.rglob("*")), LOOKED_AT):
        if not os.access(found, os.R_OK) and not found.is_symlink() and found.exists():
            return found
    return None
