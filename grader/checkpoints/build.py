"""The build: every recipe's files, laid out as the hub cache keeps them. `python -m grader.checkpoints.build TARGET`.

The same bytes on every run, whatever the number of threads or the instruction set, and readable by all: a worker may
run under another user than the one who built. Where the cache lies, and that no half-built one is ever seen, is the
business of `cache`; nothing here writes outside the target.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load, save

from .cache import repository
from .card import card_of
from .recipe import TAUGHT, Recipe, load_recipes
from .variants import AUTO_CLASSES, create, head_of, label_maps, recipe_config
from .vocabularies import tokenizer_files
from .weights import untied

Report = Callable[[str, int, int], None]


def build(target: Path, report: Report | None = None) -> None:
    """Write every checkpoint below `target`, a folder for HF_HOME, and call `report(name, done, total)` after each.

    Errors: `OSError` where the disk is full or the folder cannot be written.
    """
    recipes = load_recipes()
    for done, recipe in enumerate(recipes.values(), start=1):
        _write(recipe, target / "hub")
        if report:
            report(recipe.name, done, len(recipes))
    for folder in target.rglob("*"):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o755)


def files_of(recipe: Recipe) -> dict[str, bytes]:
    """Return the content of each file of a checkpoint by file name."""
    texts = {"README.md": card_of(recipe), "config.json": _json(_config(recipe)), **tokenizer_files(recipe)}
    if recipe.generation:
        texts["generation_config.json"] = _json(dict(recipe.generation))
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    files["model.safetensors"] = save(_taught(recipe) if recipe.taught else _drawn(recipe), metadata={"format": "pt"})
    return files


def _write(recipe: Recipe, hub: Path) -> None:
    files = files_of(recipe)
    digest = hashlib.sha1(usedforsecurity=False)
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name])
    commit = digest.hexdigest()

    folder = hub / repository(recipe.name)
    for name, content in files.items():
        _put(folder / "snapshots" / commit / name, content)
    for revision in ("main", *recipe.revisions):
        # No newline: transformers 4 would take it for part of the hash.
        _put(folder / "refs" / revision, commit.encode())
    for alias in recipe.aliases:
        link = hub / repository(alias)
        try:
            link.symlink_to(folder.name, target_is_directory=True)
        except OSError:  # Windows without the right to make links
            shutil.copytree(folder, link)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)


def _config(recipe: Recipe) -> dict[str, Any]:
    values = {
        **recipe.public_config,
        "architectures": [recipe.architecture],
        "dtype": "float32",
        "model_type": recipe.family,
        "vocab_size": recipe.tokens.vocab_size,
    }
    return values | _labels(recipe)


def _taught(recipe: Recipe) -> dict[str, torch.Tensor]:
    """Return the weights that were kept when the checkpoint was taught: half the digits there, float32 here."""
    kept = load((TAUGHT / f"{recipe.stem}.safetensors").read_bytes())
    weights = {name: value.float() for name, value in kept.items()} | (_pooler(recipe) if recipe.pooler else {})
    return dict(sorted(weights.items()))


def _pooler(recipe: Recipe) -> dict[str, torch.Tensor]:
    """Return a drawn pooler in the size of the public checkpoint: left over from pre-training, as in the real file."""
    config = recipe_config(recipe, **recipe.public_config)
    base: Any = create(
        AUTO_CLASSES["base"]._model_mapping[type(config)], config, recipe, "base", recipe.seed, rows=None
    )
    named = {f"{base.base_model_prefix}.{name}": value.detach() for name, value in untied(base).items()}
    return {name: value.contiguous() for name, value in named.items() if ".pooler." in name}


def _drawn(recipe: Recipe) -> dict[str, torch.Tensor]:
    """Return drawn weights of the stored class by name; tied ones once, under the name in the body."""
    config = recipe_config(recipe, **_labels(recipe))
    stored = getattr(transformers, recipe.stored)
    model = create(stored, config, recipe, head_of(recipe), recipe.seed, rows=None)
    weights = {name: value.detach() for name, value in untied(model).items()}
    weights |= _pooler(recipe) if recipe.pooler else {}
    return {name: value.contiguous() for name, value in sorted(weights.items())}


def _labels(recipe: Recipe) -> dict[str, Any]:
    return label_maps(dict(enumerate(recipe.labels))) if recipe.labels else {}


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Build into the folder named on the command line; one line `done total name` on stdout after each checkpoint."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m grader.checkpoints.build TARGET")
    build(Path(sys.argv[1]), lambda name, done, total: print(done, total, name, flush=True))


if __name__ == "__main__":
    main()
