"""The real models behind the names: fetched from the hub into its ordinary cache, then loaded offline like the twins.

Fetching comes first and alone, so that nothing that runs student code needs a network. No torch here.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import Path

from . import cache
from .recipe import load_recipes

TEXTS = ["*.json", "*.txt", "*.model"]
WEIGHTS = ("*.safetensors", "pytorch_model.bin")  # in order of preference: some real files are older than the first
SECONDS = 10

Progress = Callable[[str, int, int], None]


# What a worker with real models needs on top of what the twins do: MiB of memory; seconds of a call, of an import.
MEMORY_MIB, CALL_S, IMPORT_S = 16_384, 120.0, 120.0


class HubError(Exception):
    """The real models cannot be had. The message says which one, why, and what to do next."""


def home() -> Path:
    """Return the folder for HF_HOME that holds real models: the user's own, never that of the twins."""
    own = os.environ.get("HF_HOME")
    if own and Path(own).expanduser().absolute() != cache.home():
        return Path(own).expanduser().absolute()
    return Path("~/.cache/huggingface").expanduser()


def fetch(names: Iterable[str], progress: Progress | None = None) -> Path:
    """Return `home()`, the models `names` fetched into it; `progress(name, done, total)` is called per model.

    What is there already is not fetched again, and needs no network.
    Errors: `HubError` names the model that cannot be had.
    """
    wanted = sorted(set(names))
    for done, name in enumerate(wanted, start=1):
        _fetch(name)
        if progress:
            progress(name, done, len(wanted))
    return home()


def fetch_apart(names: Iterable[str]) -> Path:
    """Do as `fetch`, in a process of its own: this one has not imported the hub's library, and can still go offline."""
    variables = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"}
    command = [sys.executable, "-m", __name__, *sorted(set(names))]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise HubError((done.stderr.strip().splitlines() or ["the hub's library ended without a word"])[-1])
    return home()


def named_in(*texts: str) -> set[str]:
    """Return the public names that the texts hold, as quoted strings."""
    names = {name for recipe in load_recipes().values() for name in (recipe.name, *recipe.aliases)}
    return {name for name in names if any(f'"{name}"' in text or f"'{name}'" in text for text in texts)}


def _fetch(name: str) -> None:
    from huggingface_hub import snapshot_download  # half a second that only this way of grading pays
    from huggingface_hub.errors import HfHubHTTPError

    try:
        for pattern in WEIGHTS:
            folder = snapshot_download(
                name, cache_dir=home() / "hub", allow_patterns=[*TEXTS, pattern], etag_timeout=SECONDS
            )
            if any(fnmatch(path.name, pattern) for path in Path(folder).iterdir()):
                return
    except (OSError, HfHubHTTPError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise HubError(
            f"the real {name} cannot be fetched ({reason}); try again with a network and without HF_HUB_OFFLINE, "
            "or leave out --checkpoints hub to use the tiny twins"
        ) from None
    raise HubError(f"the hub's {name} holds neither {' nor '.join(WEIGHTS)}; use the tiny twins for this exercise")


if __name__ == "__main__":
    try:
        fetch(sys.argv[1:])
    except HubError as error:
        sys.exit(str(error))
