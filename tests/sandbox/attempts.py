"""A student's module that tries what no worker may: each attempt gives what stopped it, or says that it went through."""

import asyncio
import ctypes
import fcntl
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    """Make a system call by its number."""
    if LIBC.syscall(ctypes.c_long(number), *(ctypes.c_long(value) for value in arguments)) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def fork():
    if os.fork() == 0:
        os._exit(0)


def vfork():
    child = LIBC.vfork()
    if child == 0:
        os._exit(0)
    if child < 0:
        raise OSError(ctypes.get_errno(), "refused")


def over_a_link(path):
    Path("link").symlink_to(path)
    return Path("link").read_bytes()


def over_a_hard_link(path):
    os.link(path, "hard")
    return Path("hard").read_bytes()


def by_a_move(path):
    os.rename(path, "moved")


def change_mode(path):
    before = os.stat(path).st_mode
    os.chmod(path, 0o000)
    if os.stat(path).st_mode == before:
        raise PermissionError(1, "nothing was done")


def change_times(path):
    before = os.stat(path).st_mtime_ns
    os.utime(path, (0, 0))
    if os.stat(path).st_mtime_ns == before:
        raise PermissionError(1, "nothing was done")


def exec_here():
    os.execv("/bin/true", ["true"])


def in_a_pool():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        pool.map(len, ["a"])


def datagrams_to_others():
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.sendto(b"x", "/dev/log")


def stream(host, port):
    async def connect():
        await asyncio.open_connection(host, port)

    asyncio.run(connect())


def own(kind, descriptor=0):
    fcntl.fcntl(descriptor, kind, os.getppid())


ATTEMPTS = {
    # files
    "read": lambda path: Path(path).read_bytes(),
    "look at": lambda path: os.stat(path),
    "list": lambda path: os.listdir(path),
    "read over a link": over_a_link,
    "read over a hard link": over_a_hard_link,
    "read over the root of the process": lambda path: Path(f"/proc/self/root{path}").read_bytes(),
    "move here": by_a_move,
    "append": lambda path: open(path, "ab").close(),
    "truncate": lambda path: os.truncate(path, 0),
    "truncate by opening": lambda path: open(path, "wb").close(),
    "delete": lambda path: os.unlink(path),
    "change mode": change_mode,
    "change times": change_times,
    "change owner": lambda path: os.chown(path, 1, 1),
    "set an attribute": lambda path: os.setxattr(path, "user.x", b"x"),
    "make a file": lambda path: Path(path, "made").touch(),
    "make a folder": lambda path: Path(path, "made").mkdir(),
    "make a link": lambda path: Path(path, "made").symlink_to("/"),
    "make a pipe": lambda path: os.mkfifo(os.path.join(path, "made")),
    # network
    "socket": lambda family, kind: socket.socket(family, kind).close(),
    "multipath": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262).close(),
    "resolve": lambda: socket.getaddrinfo("example.org", 80),
    "connect": lambda: stream("127.0.0.1", 80),
    "datagrams to others": datagrams_to_others,
    # processes
    "fork": fork,
    "vfork": vfork,
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "run": lambda: subprocess.run(["/bin/true"], check=True),
    "shell": lambda: os.system("exit 0") == 0 or [][1],
    "exec": exec_here,
    "pool": in_a_pool,
    "kill": lambda pid: os.kill(pid, 0),
    "kill for real": lambda pid: os.kill(pid, signal.SIGTERM),
    "kill the group": lambda pid: os.killpg(os.getpgid(pid), 0),
    "kill all": lambda: os.kill(-1, 0),
    "watch": lambda pid: os.pidfd_open(pid),
    "limit": lambda pid: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),
    "slow down": lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19),
    "pin": lambda pid: os.sched_setaffinity(pid, {0}),
    "signal by a descriptor": lambda pid: fcntl.fcntl(0, fcntl.F_SETOWN, pid),
    "leave the session": os.setsid,
    "leave the group": lambda: os.setpgid(0, 0),
    "anonymous file": lambda: os.memfd_create("x"),
    "call": call,
}


def probabilities(name, *arguments):
    try:
        ATTEMPTS[name](*arguments)
    except (OSError, IndexError) as error:
        return f"stopped: {type(error).__name__}"
    return "went through"
