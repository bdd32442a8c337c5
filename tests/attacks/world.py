"""What a session of the corpus watches: processes, files, modes and shared memory, before and after each attack.

All that an attack may damage is a copy or belongs to the session. What it left or changed is named, and put right, so
that the next attack finds the world as this one did.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from grader.catalogue import ROOT, Exercise
from grader.checkpoints import cache
from tests.attacks.cases import beginning

SHARED = ("/tmp", "/var/tmp", "/dev/shm")
CODE = ("grader/hidden/04_softmax_predictions", "grader/judge", "solutions/04_softmax_predictions")


class World:
    """A room with everything that attacks are after; `places` is what they are told (see `kit`)."""

    def __init__(self, room: Path, exercise: Exercise, checkpoints: Path) -> None:
        self.room, self.exercise, self.checkpoints = room, exercise, checkpoints
        self.victim = room / "victim"
        self.pristine = room / "pristine"
        self.token = f"attack-{secrets.token_hex(6)}"
        self.temporary = room / "temporary"
        self.temporary.mkdir()
        self.pristine.mkdir()
        (self.pristine / exercise.file).write_text(beginning(exercise, "all"))
        (self.pristine / "notes.txt").write_text("Notes of another student.\n")
        shutil.copytree(self.pristine, self.victim)
        self.cache = room / "cache" / checkpoints.name
        shutil.copytree(checkpoints, self.cache, symlinks=True)
        os.environ["GRADER_CACHE"] = str(self.cache.parent)
        os.environ.update(cache.environment())
        self._listeners = [self._listen(kind, address) for kind, address in self._addresses()]
        self.places = {
            "token": self.token, "key": int(self.token[-6:], 16), "victim": str(self.victim),
            "secret": os.environ.get("SECRET_OF_THE_JUDGE", self.token), "home": str(Path.home()), "port": self._listeners[0].getsockname()[1],
            "socket": str(room / "service"), "datagrams": str(room / "datagrams"),
        }  # fmt: skip

    def _addresses(self) -> Iterable[tuple[tuple[int, int], object]]:
        yield (socket.AF_INET, socket.SOCK_STREAM), ("127.0.0.1", 0)
        yield (socket.AF_UNIX, socket.SOCK_STREAM), str(self.room / "service")
        yield (socket.AF_UNIX, socket.SOCK_STREAM), f"\0{self.token}"
        yield (socket.AF_UNIX, socket.SOCK_DGRAM), str(self.room / "datagrams")

    def _listen(self, kind: tuple[int, int], address: object) -> socket.socket:
        line = socket.socket(*kind)
        line.bind(address)
        if kind[1] == socket.SOCK_STREAM:
            line.listen(100)
        return line

    def close(self) -> None:
        for line in self._listeners:
            line.close()

    def take_stock(self) -> None:
        """Remember the world as it is now."""
        self.processes = descendants(os.getpid())
        self.folders = set(self.temporary.glob("grader-*/workers/*"))
        self.state = self._state()

    def damage(self) -> list[str]:
        """Return what is left behind or changed since `take_stock`, and put it right."""
        found = [f"process {command}" for command in self._end_processes()]
        found += [f"folder {path.name}" for path in set(self.temporary.glob("grader-*/workers/*")) - self.folders]
        found += [f"file {path}" for path in self._strays()]
        found += [f"shared memory {key}" for key in self._segments()]
        now = self._state()
        for path in {*self.state, *now}:
            if self.state.get(path) != now.get(path):
                found.append(f"changed {path.relative_to(self.room) if path.is_relative_to(self.room) else path}")
        if any(line.startswith("changed") for line in found):
            self._restore()
            self.state = self._state()
        self.folders = set(self.temporary.glob("grader-*/workers/*"))
        return sorted(found)

    def _end_processes(self) -> list[str]:
        found = []
        for pid, command in descendants(os.getpid()).items():
            if pid not in self.processes:
                found.append(command)
                os.kill(pid, signal.SIGKILL)
        return found

    def _strays(self) -> list[Path]:
        folders = [*map(Path, SHARED), self.room, self.victim, ROOT, Path(sysconfig.get_path("purelib")), Path.home()]
        found = [path for folder in folders if os.access(folder, os.R_OK) for path in folder.glob(f"*{self.token}*")]
        for path in found:
            path.unlink()
        return found

    def _segments(self) -> list[int]:
        table = Path("/proc/sysvipc/shm")
        if not table.exists():
            return []
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
        found = [int(row[1]) for row in rows if int(row[0]) == self.places["key"]]
        for identifier in found:
            _remove_segment(identifier)
        return found

    def _state(self) -> dict[Path, object]:
        """Return what each watched file is: content where it is small and ours, else size, time and mode."""
        watched = [*self.victim.rglob("*"), self.victim, *self.temporary.glob("grader-*/stage/**/*")]
        watched += [path for folder in CODE for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
        watched += self.cache.rglob("*")
        return {path: _stamp(path) for path in watched}

    def _restore(self) -> None:
        shutil.rmtree(self.victim)
        shutil.copytree(self.pristine, self.victim)
        for path in self.cache.rglob("config.json"):
            original = self.checkpoints / path.relative_to(self.cache)
            if path.read_bytes() != original.read_bytes():
                path.resolve().write_bytes(original.read_bytes())


def _stamp(path: Path) -> object:
    found = path.lstat()
    small = path.suffix in (".py", ".txt", ".json") and path.is_file() and found.st_size < 2**16
    if small and os.access(path, os.R_OK):
        return hashlib.sha256(path.read_bytes()).hexdigest(), found.st_mode
    return found.st_size, found.st_mode


def _remove_segment(identifier: int) -> None:
    import ctypes

    ctypes.CDLL(None).shmctl(identifier, 0, None)  # IPC_RMID


def descendants(root: int) -> dict[int, str]:
    """Return the pids of all processes below `root` that still run, each with its name."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                head, _, rest = (entry / "stat").read_text().rpartition(")")
            except OSError:
                continue
            if rest.split()[0] != "Z":
                parents[int(entry.name)] = int(rest.split()[1]), head.partition("(")[2]
    below: dict[int, str] = {}
    grown = True
    while grown:
        grown = False
        for pid, (parent, name) in parents.items():
            if pid not in below and (parent == root or parent in below):
                below[pid] = name
                grown = True
    return below
