"""The judge's side of workers: hire one, ask it, end it. Knows processes and frames; knows no check and no exercise."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import grader
from grader import wire
from grader.checkpoints import cache, hub
from grader.isolation import Isolation, IsolationLevel, nothing_shut
from grader.judge import confinement

START_S = 120.0
STARTS = 20  # of the warm process: if it ends again and again, something here ends it
LOG_KEPT = 2**17  # bytes of an ended worker's output: a class has thousands of workers
PACKET = 65536
STAGED = ("__init__.py", "wire.py", "notebooks", "worker", "checkpoints")
LOST = "the warm process of the workers ended, perhaps for want of memory; run the command again (a class: --resume)"
BOOT = (
    "import sys; sys.path[:0] = [{stage!r}]; sys.path += {site!r}; import runpy; "
    "runpy.run_module('grader.worker.zygote', run_name='__main__')"
)


class GraderFault(Exception):
    """Something of the grader's own went wrong. The message carries the next step; it costs no student a point."""


class WarmProcessLost(GraderFault):
    """The warm process ended, and its workers with it; the next one that is hired starts another."""


class IsolationRefused(Exception):
    """This machine does not offer the isolation that was required. The message says what is missing."""


class DeviceMissing(GraderFault):
    """The device that was asked for cannot be used here. The message says why, and what to do."""


class WorkerTimeout(Exception):
    """A request outlived its limit and the worker was ended."""


class WorkerDied(Exception):
    """The worker ended before its reply was whole, with the wait status `status`; None where what it sent is none."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Limits:
    """Bounds of a worker, and the device of student code. Units: seconds of wall time; MiB (not kept on "cuda").

    `isolation` is the most that is asked of this machine, `require` the least that is put up with. `checkpoints` says
    what stands behind the public names: the tiny twins, or the hub's real models, which must be fetched already.
    """

    import_s: float = 10.0
    call_s: float = 5.0
    memory_mib: int = 2048
    device: str = "cpu"
    isolation: IsolationLevel = "full"
    require: IsolationLevel = "process"
    checkpoints: Literal["twins", "hub"] = "twins"


class Worker:
    """One worker process and its call socket."""

    def __init__(
        self, shop: Workshop, sock: socket.socket, pid: int, pidfd: int | None, folder: Path, log: Path
    ) -> None:
        self.pid, self.folder = pid, folder
        self._shop, self._sock, self._pidfd, self._log = shop, sock, pidfd, log
        self._number = 0
        self.alive, self._is_lost = True, False
        self.facts: dict[str, dict[str, str]] = {}

    def take_facts(self, expected: Isolation | None) -> None:
        """Receive what the worker says of its layers, which it does before it runs anything of a student's.

        Errors: `GraderFault` if it says nothing, or less holds than is `expected`; the worker has ended then.
        """
        try:
            facts = wire.receive(self._sock, time.monotonic() + START_S, self._pidfd)
            self.facts = {part: dict(facts[part]) for part in ("missing", "open", "used")}
        except wire.WireError:
            self.end()
            last = self.output().strip().splitlines()[-1:] or ["it printed nothing"]
            raise GraderFault(f"a worker ended before it was shut in: {last[0]}; run: grader doctor") from None
        broken = confinement.broken(expected, self.facts) if expected else None
        if broken:
            self.end()
            raise GraderFault(f"a worker was not shut in as the first one was ({broken}); run: grader doctor")

    def ask(self, request: Mapping[str, Any], within_s: float) -> dict[str, Any]:
        """Send `request` and return the reply.

        Errors: `wire.TooLarge` if it cannot be sent; `WorkerTimeout`, `WorkerDied`, `WarmProcessLost`: it has ended.
        """
        self._number += 1
        frame = wire.encode({"id": self._number, **request})
        deadline = time.monotonic() + within_s
        try:
            wire.send(self._sock, frame, deadline)
            reply = wire.receive(self._sock, deadline, self._pidfd)
        except wire.PeerSilent:
            self.end()
            raise WorkerTimeout from None
        except wire.PeerGone:
            status = self.end()
            if self._is_lost:
                raise WarmProcessLost(LOST) from None
            raise WorkerDied(status) from None
        except wire.WireError:
            self.end()
            raise WorkerDied from None
        if not isinstance(reply, dict) or type(reply.get("id")) is not int or reply["id"] != self._number:
            self.end()
            raise WorkerDied
        return reply

    def output(self, limit: int = 10_000) -> str:
        """Return the beginning of what the worker printed."""
        with self._log.open("rb") as log:
            return log.read(limit).decode("utf-8", "replace")

    def end(self) -> int | None:
        """Kill the worker's process group and everything it started; return its wait status."""
        if not self.alive:
            return None
        self.alive = False
        self._sock.close()
        try:
            status = self._shop.end(self.pid)
        except WarmProcessLost:
            status, self._is_lost = None, True
        if self._pidfd is not None:
            os.close(self._pidfd)
        remove(self.folder)
        if self._log.stat().st_size > LOG_KEPT:
            os.truncate(self._log, LOG_KEPT)
        return status


class Workshop:
    """Hires workers: forks of one warm process where fork is to be had, fresh processes elsewhere.

    `checkpoints` are loaded once while it warms up. Use it as a context manager; leaving it ends every worker.
    """

    def __init__(self, checkpoints: Sequence[str], limits: Limits | None = None, start: str | None = None) -> None:
        self.limits = limits or Limits()
        self.start = start or ("fork" if sys.platform == "linux" else "fresh")
        self._checkpoints = sorted(set(checkpoints))
        # A worker may be a user who sees no link on the way.
        self._models = (hub.home() if self.limits.checkpoints == "hub" else cache.home()).resolve()
        self._room = tempfile.TemporaryDirectory(prefix="grader-")
        self._hired = 0
        self._workers: list[Worker] = []
        self._fresh: dict[int, subprocess.Popen[bytes]] = {}
        self._forked: set[int] = set()  # children of the warm process that runs now
        self._starts = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._isolation: Isolation | None = None
        self._namespaces: str | None = None

    def __enter__(self) -> Workshop:
        room = Path(self._room.name)
        package = Path(grader.__file__).parent
        for name in STAGED:
            source, target = package / name, room / "stage" / "grader" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        for name in ("workers", "logs", "home"):
            (room / name).mkdir()
        confinement.prepare(room)
        if self.start == "fork":
            self._start_zygote()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._room.cleanup()

    def hire(
        self, files: Mapping[str, bytes] | None = None, memory_mib: int | None = None, device: str = "cpu"
    ) -> Worker:
        """Return a new worker whose own folder holds `files`, shut in as this machine allows; calls run on `device`.

        Errors: `GraderFault` if none can be started, or less holds than in the first ones; `IsolationRefused`;
        `DeviceMissing` if it cannot use the device.
        """
        return self._hire(self.settle(), files or {}, memory_mib, device)

    def _hire(
        self, isolation: Isolation, files: Mapping[str, bytes], memory_mib: int | None = None, device: str = "cpu",
        trial: bool = False,
    ) -> Worker:  # fmt: skip
        self._hired += 1
        room = Path(self._room.name)
        folder, log = room / "workers" / str(self._hired), room / "logs" / str(self._hired)
        folder.mkdir()
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        ours, theirs = socket.socketpair()
        bounds = {"memory_mib": memory_mib or self.limits.memory_mib, "device": device, "trial": trial}
        policy = confinement.policy(room, self._models, folder, isolation, self._hired) | bounds
        policy["devices"] = confinement.device_files(device)
        with theirs, log.open("wb") as log_file:
            start = self._fork if self.start == "fork" else self._exec
            pid, pidfd = start(policy, theirs, log_file.fileno())
        worker = Worker(self, ours, pid, pidfd, folder, log)
        self._workers.append(worker)
        worker.take_facts(None if trial else isolation)
        if device != "cpu":
            _wait_for(worker, device)
        return worker

    @property
    def isolation(self) -> Isolation:
        """What shuts the workers in; the process line alone as long as there was none."""
        return self._isolation or nothing_shut("no worker was started")

    def settle(self) -> Isolation:
        """Find out by trial workers what this machine offers, once. Errors: `IsolationRefused`, `GraderFault`."""
        if self._isolation is None:
            self.wait_until_warm()
            asked = confinement.ask_for(self.limits.isolation, self.start, self._namespaces)
            layers: tuple[str, ...] | None = None if asked.layers else ()
            while layers != asked.layers:
                layers = asked.layers
                worker = self._hire(asked, {}, trial=True)
                worker.end()
                asked = confinement.after_trial(asked, worker.facts)
            self._isolation = asked
        if not self._isolation.reaches(self.limits.require):
            raise IsolationRefused(confinement.refusal(self._isolation, self.limits.require))
        return self._isolation

    def end(self, pid: int) -> int | None:
        """Kill the worker `pid` and what it started; return its wait status. Errors: `WarmProcessLost`."""
        if self.start == "fork":
            if pid not in self._forked:
                raise WarmProcessLost(LOST)
            return int(self._exchange({"op": "end", "pid": pid})[0]["status"])
        process = self._fresh.pop(pid)
        try:
            os.killpg(pid, 9)
        except (ProcessLookupError, PermissionError):
            process.kill()
        return process.wait()

    def wait_until_warm(self) -> None:
        """Wait for the warm process. Errors: `GraderFault` with the last line that it printed."""
        if self._ready or self._control is None:
            return
        self._control.settimeout(START_S)
        try:
            packet = self._control.recv(PACKET)
        except OSError:
            packet = b""
        if not packet:
            lines = (Path(self._room.name) / "logs" / "zygote").read_text(errors="replace").strip().splitlines()
            raise GraderFault(f"the warm worker process did not start: {lines[-1] if lines else 'it printed nothing'}")
        self._namespaces = json.loads(packet)["namespaces"]
        self._ready = True

    def _start_zygote(self) -> None:
        self._starts += 1
        self._forked.clear()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        config = {"checkpoints": self._checkpoints, "imports": ["jaxtyping"]}
        config |= confinement.warm(Path(self._room.name), self._models, self.limits.isolation)
        with theirs, (Path(self._room.name) / "logs" / "zygote").open("wb") as log:
            self._process = self._popen("zygote", theirs, config, log.fileno())

    def _popen(self, role: str, sock: socket.socket, config: object, log: int) -> subprocess.Popen[bytes]:
        room = Path(self._room.name)
        site = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
        boot = BOOT.format(stage=str(room / "stage"), site=site)
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", boot, role, str(sock.fileno()), json.dumps(config)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[sock.fileno()], cwd=room / "home",
            env=worker_environment(room / "home", self._models, self.limits), start_new_session=True,
        )  # fmt: skip

    def _fork(self, policy: dict[str, Any], sock: socket.socket, log: int) -> tuple[int, int | None]:
        if self._process is not None and self._process.poll() is not None and self._ready and self._starts < STARTS:
            self._ready = False
            if self._control is not None:
                self._control.close()
            self._start_zygote()
        self.wait_until_warm()
        reply, descriptors = self._exchange({"op": "fork", "policy": policy}, [sock.fileno(), log])
        if "pid" not in reply:
            raise GraderFault(f"no worker could be started: {reply.get('error', 'no reason given')}")
        self._forked.add(reply["pid"])
        return int(reply["pid"]), descriptors[0]

    def _exec(self, policy: dict[str, Any], sock: socket.socket, log: int) -> tuple[int, int | None]:
        process = self._popen("fresh", sock, {"policy": policy}, log)
        self._fresh[process.pid] = process
        return process.pid, os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None

    def _exchange(self, request: object, descriptors: Sequence[int] = ()) -> tuple[dict[str, Any], list[int]]:
        assert self._control is not None
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], list(descriptors))
            self._control.settimeout(30)
            packet, received, _, _ = socket.recv_fds(self._control, PACKET, 1)
        except OSError:
            packet, received = b"", []
        if not packet:
            raise WarmProcessLost(LOST)
        return json.loads(packet), list(received)


def _wait_for(worker: Worker, device: str) -> None:
    """Wait until `worker` and its device are up. Errors: `GraderFault`, `DeviceMissing`; the worker has ended then."""
    try:
        problem = worker.ask({"op": "wait"}, START_S).get("problem")
    except (WorkerDied, WorkerTimeout):
        last = worker.output().strip().splitlines()[-1:] or ["it printed nothing"]
        raise GraderFault(f"a worker did not start: {last[0]}") from None
    if problem:
        worker.end()
        shut = "; if it works outside the grader, try --isolation process" if worker.facts["used"] else ""
        needed = "a machine with an NVIDIA GPU, its driver and a build of torch with CUDA"
        raise DeviceMissing(f"--device {device}: {problem}; grade with --device cpu, or on {needed}{shut}")


def cuda_environment() -> dict[str, str]:
    """Return what CUDA needs to be told: float32 without TF32, no start before the fork, and which devices to use."""
    chosen = {name: os.environ[name] for name in ("CUDA_VISIBLE_DEVICES",) if name in os.environ}
    return {"NVIDIA_TF32_OVERRIDE": "0", "PYTORCH_NVML_BASED_CUDA_CHECK": "1", **chosen}


def remove(folder: Path) -> None:
    """Remove a worker's folder, whatever its modes are, and however deep: Python's own way is one call per level."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    for tool in (["rm", "-rf"], ["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
        if folder.exists():
            subprocess.run([*tool, "--", str(folder)], stderr=subprocess.DEVNULL, check=False)


def worker_environment(home: Path, models: Path, limits: Limits) -> dict[str, str]:
    """Return the whole environment of a worker: nothing of the judge's own is passed on."""
    return {
        **(cuda_environment() if limits.device == "cuda" else {}),
        **cache.environment(models),
        "GRADER_CHECKPOINTS": limits.checkpoints,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "PIP_NO_INDEX": "1",  # a pip in a student's file fails at once, and installs nothing where it is graded
        "USER": "student",  # a user of its own has no name
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
