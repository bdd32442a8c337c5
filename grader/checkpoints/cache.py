"""Where the built checkpoints lie, whether they are whole, and their build when they are missing.

No torch here: asking costs milliseconds, and the build runs in a process of its own. A cache appears under its final
name in one rename or not at all, so a build that was killed, or two at once, leave nothing broken behind.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

import platformdirs

from .recipe import ROOM, Recipe, fingerprint, load_recipes

APP = "pretrained-course"
OVERRIDE = "GRADER_CACHE"
MANIFEST = "manifest.json"
BUILDING = ".building-"
STALE_SECONDS = 24 * 3600
RENAMES = 3
DISK_FULL = "Errno 28"
PACKAGE = __package__

Progress = Callable[[str, int, int], None]


class CheckpointError(Exception):
    """The checkpoints could not be built. The message says why and what to do next."""


@dataclass(frozen=True)
class Row:
    """One line of a listing: `size` in bytes, 0 where the checkpoint is not built; `path` is its snapshot or None.

    `taught` says whether its weights were trained; if not, they are drawn.
    """

    name: str
    kind: str
    taught: bool
    stands_in: str
    size: int
    path: Path | None


def home() -> Path:
    """Return the folder for HF_HOME that belongs to the current recipes and code; it need not exist."""
    return _root() / f"checkpoints-{fingerprint()}"


def is_built() -> bool:
    """Return whether the cache is there, with every file at its full size and every name leading to its twin."""
    return _is_whole(home()) and not _strayed(home())


def ensure(progress: Progress | None = None) -> Path:
    """Return `home()`, built first where it is missing; `progress(name, done, total)` is called per checkpoint.

    Errors:  `CheckpointError` where the folder cannot be written, the disk is full or the build fails.
    Effects: writes below the cache's root only; sweeps what builds killed more than a day ago left there. A name that
             leads to a real model, fetched into this cache while the hub was in reach, leads to its twin again.
    """
    target = home()
    if _is_whole(target):
        _lead_back(target)
        return target
    root = target.parent
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=root))
    except OSError as error:
        raise CheckpointError(_unwritable(root, error)) from error
    try:
        _run_build(building, progress)
        manifest = {"sizes": _sizes(building), "refs": _refs(building)}
        (building / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        building.chmod(0o755)
        _publish(building, target)
    except OSError as error:
        raise CheckpointError(_unwritable(root, error)) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def environment(folder: Path | None = None) -> dict[str, str]:
    """Return the variables that make transformers use `folder`, without one this cache, and nothing else.

    They must be set before transformers is imported: it reads them only then.
    """
    return {
        "HF_HOME": str(folder or home()),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TRANSFORMERS_VERBOSITY": "error",
    }


def rows() -> list[Row]:
    """Return what there is, built or not, in the order of the names."""
    return [_row(recipe) for recipe in load_recipes().values()]


def repository(name: str) -> str:
    """Return the folder in which the hub's cache keeps a model."""
    return "models--" + name.replace("/", "--")


def _row(recipe: Recipe) -> Row:
    model = home() / "hub" / repository(recipe.name)
    built = (model / "refs" / "main").exists()
    path = model / "snapshots" / (model / "refs" / "main").read_text(encoding="utf-8") if built else None
    size = sum(file.stat().st_size for file in path.iterdir()) if path else 0
    return Row(recipe.name, recipe.architecture, recipe.taught is not None, recipe.stands_in, size, path)


def _root() -> Path:
    override = os.environ.get(OVERRIDE)
    return Path(override).expanduser().absolute() if override else Path(platformdirs.user_cache_dir(APP))


def _is_whole(folder: Path) -> bool:
    try:
        expected = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sizes"]
        return all((folder / name).stat().st_size == size for name, size in expected.items())
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return False


def _refs(folder: Path) -> dict[str, str]:
    """Return the revision that each name leads to, by the path of its file."""
    paths = sorted((folder / "hub").glob("*/refs/*"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _strayed(folder: Path) -> dict[str, str]:
    """Return the names that lead elsewhere than when they were built, with the revision that they should lead to."""
    expected: dict[str, str] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["refs"]
    now = _refs(folder)
    return {name: revision for name, revision in expected.items() if now.get(name) != revision}


def _lead_back(folder: Path) -> None:
    try:
        for name, revision in _strayed(folder).items():
            (folder / name).write_text(revision, encoding="utf-8")
    except OSError as error:
        raise CheckpointError(_unwritable(folder, error)) from error


def _sizes(folder: Path) -> dict[str, int]:
    """Return the size of each file by its path below the folder, links followed: an alias that broke shows too."""
    files = {
        Path(parent, name).relative_to(folder).as_posix(): Path(parent, name).stat().st_size
        for parent, _, names in os.walk(folder, followlinks=True)
        for name in names
    }
    return dict(sorted(files.items()))


def _publish(building: Path, target: Path) -> None:
    """Give the finished folder its name, unless another build was faster; a broken one there is moved aside."""
    for _ in range(RENAMES):
        try:
            building.rename(target)
            return
        except OSError as error:
            if _is_whole(target):
                return
            failure = error
        aside = Path(tempfile.mkdtemp(prefix=BUILDING, dir=target.parent))
        # Another build may be moving it aside at this moment.
        with suppress(OSError):
            target.rename(aside / "broken")
        shutil.rmtree(aside, ignore_errors=True)
    raise failure


def _sweep(root: Path) -> None:
    for leftover in root.glob(f"{BUILDING}*"):
        if time.time() - leftover.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _run_build(building: Path, progress: Progress | None) -> None:
    # The package may have been copied: the child imports the same files as this process, and nothing from where
    # a student happens to stand (-P).
    above = ROOM.parents[len(str(PACKAGE).split(".")) - 1]
    paths = [str(above), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = {
        **os.environ,
        **environment(),
        "HF_HOME": str(building),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    command = [sys.executable, "-P", "-m", f"{PACKAGE}.build", str(building)]
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        complaints: deque[str] = deque(maxlen=1)
        reader = Thread(target=_keep_last_line, args=(process.stderr, complaints), daemon=True)
        reader.start()
        try:
            for line in process.stdout or ():
                done, total, name = line.split(maxsplit=2)
                if progress:
                    progress(name.strip(), int(done), int(total))
        except BaseException:
            process.kill()
            raise
        reader.join()
    if process.returncode != 0:
        last = complaints[0] if complaints else f"exit status {process.returncode}"
        raise CheckpointError(_full(building.parent) if DISK_FULL in last else _failed(last))


def _keep_last_line(stream: IO[str] | None, kept: deque[str]) -> None:
    for line in stream or ():
        if line.strip():
            kept.append(line.strip())


def _unwritable(root: Path, error: OSError) -> str:
    if DISK_FULL in str(error):
        return _full(root)
    return f"cannot write the checkpoints to {root} ({error.strerror}); set {OVERRIDE} to a folder that you can write"


def _full(root: Path) -> str:
    return f"the disk of {root} is full; free 20 MB there, or set {OVERRIDE} to a folder on another disk"


def _failed(last: str) -> str:
    return (
        f"the build of the checkpoints failed: {last}; "
        f"to see all of it, run: {Path(sys.executable).name} -m {PACKAGE}.build FOLDER"
    )
