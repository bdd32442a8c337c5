"""Shuts a worker in, step by step, and tells what holds.

The order is the point: what needs privileges or files comes before what takes them away, and the filter of system calls
comes last, before the worker tries for itself what it can still do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from grader.worker import limits
from grader.worker.limits import Policy
from grader.worker.sandbox import kernel, landlock, namespaces, probe, seccomp

DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
BROKEN = 70  # exit status of a worker that could not be shut in


def confine(policy: Policy, log: int, keep: int, parent: int | None) -> dict[str, dict[str, str]]:
    """Confine this process as `policy` says; output goes to `log`, of other descriptors only `keep` stays.

    Returns `missing`, the layers that could not be had and why; `open`, the lines that are open and what went through;
    `used`, details of the layers. `parent` is the process that must still be the parent; None where nobody knows.
    """
    limits.take_descriptors(log, keep)
    _be_alone()
    limits.die_first()
    facts: dict[str, dict[str, str]] = {"missing": {}, "open": {}, "used": {}}

    def layer(name: str, take: Callable[[], object]) -> None:
        if name not in policy.layers:
            return
        try:
            facts["used"][name] = str(take() or "")
        except (OSError, kernel.Unavailable) as error:
            facts["missing"][name] = kernel.reason(error)

    layer("bounded folder", lambda: namespaces.bound_folder(policy.folder, policy.folder_mib, policy.user))
    needed = policy.read if policy.trial else ()  # looking at each file takes long, and they do not change
    layer("own user", lambda: namespaces.become(policy.user, policy.folder, needed))
    if "own user" in facts["missing"]:  # whoever this process is now, it is of no use
        return facts
    limits.die_with_parent()
    if parent is not None and os.getppid() != parent:
        os._exit(BROKEN)
    limits.take_folder(policy.folder)
    if policy.layers:
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    limits.set_limits(policy)
    layer("landlock", lambda: f"ABI {_restrict_files(policy)}")
    old = facts["used"].get("landlock") in ("ABI 1", "ABI 2")
    layer("seccomp", lambda: seccomp.install(truncate=not old))
    if policy.layers or policy.closed:
        facts["open"] = probe.open_lines(policy.canaries, os.getppid())
    return facts


def must_hold(policy: Policy, facts: dict[str, dict[str, str]]) -> None:
    """End this process where a layer or a line of `policy` does not hold; on a trial it goes on."""
    if not policy.trial and (facts["missing"] or set(facts["open"]) & set(policy.closed)):
        os._exit(BROKEN)


def _restrict_files(policy: Policy) -> int:
    process = f"/proc/{os.getpid()}"
    return landlock.restrict((*policy.read, process), [policy.folder], DEVICES, policy.devices)


def _be_alone() -> None:
    """End this process if it has other threads: the layers would not bind them."""
    tasks = Path("/proc/self/task")
    if tasks.exists() and len(list(tasks.iterdir())) != 1:
        os._exit(BROKEN)
