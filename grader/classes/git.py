"""What a clone says about itself: when its last commit was made, and where it comes from.

The folder is a student's, so git is asked for stored objects and settings only, with everything off by which a
repository's own configuration could start a program or a download. A commit's time is what its author's clock said.
"""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

COMMITTER = re.compile(r"^committer .* (\d+) [+-]\d{4}$", re.MULTILINE)
CLOSED = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never", "--no-pager")
PATIENCE_S = 20
MAX_ANSWER = 100_000  # bytes; a commit may inflate to a gigabyte


def committed_at(folder: Path) -> datetime | None:
    """Return the time of the last commit, in UTC; None where `folder` is no clone, or git cannot tell."""
    size = _git(folder, "cat-file", "-s", "HEAD").strip()
    if not size.isdecimal() or int(size) > MAX_ANSWER:
        return None
    match = COMMITTER.search(_git(folder, "cat-file", "commit", "HEAD").partition("\n\n")[0])
    try:
        return datetime.fromtimestamp(int(match[1]), UTC) if match else None
    except (OverflowError, ValueError, OSError):
        return None


def origin(folder: Path) -> str:
    """Return the address that `folder` was cloned from, without the user or token in it; empty where there is none."""
    address = _git(folder, "config", "--local", "--get", "remote.origin.url").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.removesuffix(".git"), "", ""))


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says, or nothing: where it fails, the folder is as good as none of git's."""
    if not (folder / ".git").is_dir() or folder.is_symlink() or (folder / ".git").is_symlink():
        return ""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | CLOSED
    command = ["git", *OPTIONS, f"--git-dir={(folder / '.git').resolve()}", *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout[:MAX_ANSWER].decode("utf-8", errors="replace") if done.returncode == 0 else ""
