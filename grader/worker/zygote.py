"""The warm parent of workers: it has imported torch and transformers, and forks a worker for each request.

It never sees a suite, a solution or a submission. It talks to the judge alone, over one packet socket: a small JSON
policy and two descriptors come in (the worker's call socket and log), pid and pidfd go out. It reaps only when told to
end a worker, so a pid it holds is never another process; what a worker left behind is re-parented here and ended too.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import site
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from grader import wire
from grader.worker import confine, limits
from grader.worker.sandbox import kernel, namespaces

MAX_PACKET = 65536


def warm(checkpoints: list[str]) -> None:
    """Import what any worker needs, and load and run each of `checkpoints` once: transformers imports lazily."""
    import torch
    import transformers

    from grader.worker import makers, serve

    assert serve
    site.setquit()  # started without `site`; students' files say exit()
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    torch.set_num_threads(1)
    ids = torch.zeros((1, 4), dtype=torch.long)
    for name in checkpoints:
        try:
            transformers.AutoTokenizer.from_pretrained(name)
            model = makers.twin(name)
        except (OSError, KeyError, ValueError) as error:
            raise SystemExit(
                f"checkpoint {name} does not load ({type(error).__name__}); see: grader checkpoints list"
            ) from error
        with torch.no_grad():
            model(input_ids=ids, **({"decoder_input_ids": ids} if model.config.is_encoder_decoder else {}))


def main(control_fd: int, config: dict[str, Any]) -> None:
    """Serve fork requests on `control_fd` until the judge closes it; then end every worker."""
    limits.adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    ready = {"ready": True, "namespaces": _namespaces(config)}
    for module in config["imports"]:
        importlib.import_module(module)
    warm(config["checkpoints"])
    control.send(json.dumps(ready).encode())
    workers: set[int] = set()
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, MAX_PACKET, 2)
        if not packet:
            break
        request = json.loads(packet)
        if request["op"] == "fork":
            _fork(control, request, descriptors, workers)
        else:
            workers.discard(request["pid"])
            status = _end(request["pid"])
            sweep(workers)
            control.send(json.dumps({"status": status}).encode())
    for pid in workers:
        _end(pid)
    sweep(set())


def _fork(control: socket.socket, request: dict[str, Any], descriptors: list[int], workers: set[int]) -> None:
    if sys.modules["torch"].cuda.is_initialized():
        control.send(json.dumps({"error": "the warm process has started CUDA; a fork of it could not use it"}).encode())
        return
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        control.send(json.dumps({"error": f"the warm process has {threads} threads; forking it could hang"}).encode())
        return
    call_fd, log_fd = descriptors
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            work(limits.Policy(**request["policy"]), log_fd, call_fd, me)
        finally:
            os._exit(0)
    workers.add(pid)
    os.close(call_fd)
    os.close(log_fd)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [pidfd])
    os.close(pidfd)


def work(policy: limits.Policy, log: int, call: int, parent: int | None) -> None:
    """Be a worker: confine this process, tell the judge over `call` what holds, and serve."""
    from grader.worker.serve import serve

    try:
        facts = confine.confine(policy, log, call, parent)
    except Exception:
        traceback.print_exc()
        os._exit(confine.BROKEN)
    sock = socket.socket(fileno=3)
    wire.send(sock, wire.encode({"id": 0, **facts}))
    confine.must_hold(policy, facts)
    serve(sock, policy.device)


def _namespaces(config: dict[str, Any]) -> str | None:
    """Enter namespaces where `config` asks for it; return the reason where that failed, None where nobody asked."""
    if not config["namespaces"]:
        return None
    folder = Path.cwd()
    try:
        namespaces.enter(str(folder), config["needed"])
    except (OSError, kernel.Unavailable) as error:
        return kernel.reason(error)
    os.chdir(folder)  # the same one, as it is reached now
    return ""


def _end(pid: int) -> int:
    """Kill the worker's process group, reap the worker, and return its wait status."""
    for kill, target in ((os.killpg, pid), (os.kill, pid)):
        try:
            kill(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    return os.waitpid(pid, 0)[1]


def sweep(workers: set[int], within_s: float = 5.0) -> None:
    """Kill and reap every child that is not one of `workers`: what an ended worker left behind."""
    until = time.monotonic() + within_s
    while (orphans := children() - workers) and time.monotonic() < until:
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
        for pid in orphans:
            os.waitpid(pid, 0)


def children() -> set[int]:
    """Return the pids of this process's children (Linux)."""
    found = set()
    me = os.getpid()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == me:
                found.add(int(entry.name))
    return found


def fresh(call_fd: int, config: dict[str, Any]) -> None:
    """Be one worker in a process of its own, where fork is not available: import everything, confine, serve."""
    warm([])
    sock = socket.socket(fileno=call_fd)
    work(limits.Policy(**config["policy"]), os.dup(1), sock.detach(), None)


if __name__ == "__main__":
    {"zygote": main, "fresh": fresh}[sys.argv[1]](int(sys.argv[2]), json.loads(sys.argv[3]))
