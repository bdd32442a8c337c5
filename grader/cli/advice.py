"""What to do about a layer of isolation that a machine does not offer, by the layer, the reason and the system."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

SWITCHES = {  # a file that closes user namespaces, the content that closes it, and the command that opens them
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
    "/proc/sys/user/max_user_namespaces": ("0", "sudo sysctl -w user.max_user_namespaces=10000"),
}
CONTAINERS = ("/.dockerenv", "/run/.containerenv")


@dataclass(frozen=True)
class System:
    """What advice depends on."""

    linux: bool
    root: bool
    container: bool
    switch: str | None

    @staticmethod
    def here(root: bool) -> System:
        """Return the system that this process runs on."""
        container = any(Path(name).exists() for name in CONTAINERS)
        return System(sys.platform == "linux", root, container, closed_switch())


def closed_switch() -> str | None:
    """Return the command that opens user namespaces here, or None where no known switch closes them."""
    for file, (closed, command) in SWITCHES.items():
        try:
            if Path(file).read_text().strip() == closed:
                return command
        except OSError:
            continue
    return None


def advice(layer: str, reason: str, system: System) -> str:
    """Return the next step for a missing layer, as one line."""
    if not system.linux:
        return "grade in a Linux container or virtual machine (on Windows: WSL 2)"
    if reason == "not asked for":
        return "leave --isolation at auto"
    if layer == "landlock":
        if "switched off" in reason:
            return "add landlock to the lsm= list of the kernel's boot options; /sys/kernel/security/lsm shows it"
        if "blocked" in reason:
            return "update the container engine, or start it with --security-opt seccomp=unconfined"
        return "use Linux 5.13 or newer; in a container, the host's kernel counts"
    if layer == "seccomp":
        return "use a kernel with seccomp filters, on x86_64 or aarch64"
    if layer == "namespaces":
        if system.container:
            return "optional: --security-opt seccomp=unconfined allows them, at the price of the container's own filter"
        return f"optional: {system.switch}" if system.switch else "optional: run as root, or allow user namespaces"
    if layer == "bounded folder":
        return "comes with the namespaces"
    if system.root and "capabilities" in reason:
        return "optional: let the container keep CHOWN, DAC_OVERRIDE, KILL, SETGID and SETUID"
    if system.root and "closed" in reason:
        return "optional: install Python and set GRADER_CACHE where every user can read"
    return "optional: run as root, best in a container"
