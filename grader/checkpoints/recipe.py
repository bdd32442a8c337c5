"""Recipes: what each tiny checkpoint is, read from `recipes/*.toml`, and the corpus that all of them share.

Only the standard library: the judge and the command line read recipes without paying for torch. How a recipe
becomes tokenizer files and weights is in `vocabularies`, `weights` and `calibration`; how taught weights came about, in
`teaching`.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parent
RECIPES = ROOM / "recipes"
CORPUS = ROOM / "corpus.txt"
TAUGHT = ROOM / "taught"
CARDS = ROOM / "cards"
LAST_ID = -1
"""In a recipe, the last id of the vocabulary."""


@dataclass(frozen=True)
class Tokens:
    """The tokenizer of a recipe.

    `roles` maps a role (pad, unk, cls, …) to its token, `ids` each special token to its id in the real vocabulary.
    """

    kind: str
    class_name: str
    lower_case: bool
    vocab_size: int
    model_max_length: int
    roles: Mapping[str, str]
    ids: Mapping[str, int]
    sentinels: int


@dataclass(frozen=True)
class Taught:
    """How the public checkpoint of a recipe is trained: its own sizes, its task, and the numbers of the training.

    `config` replaces values of the recipe's; `examples` are drawn in all, evenly over `languages`; `rate` is the
    highest learning rate.
    """

    task: str
    languages: tuple[str, ...]
    config: Mapping[str, Any]
    seed: int
    examples: int
    steps: int
    rate: float


@dataclass(frozen=True)
class Recipe:
    """One checkpoint: public name, what it stands in for, and everything its files are made from.

    `architecture` is the class that `config.json` names, `stored` the class whose weights are in the file.
    `gains` are standard deviations of drawn weights (see `recipes/_all.toml`). Where there is `taught`, the weights of
    the public checkpoint are kept in a file, and drawn ones serve variants alone.
    """

    name: str
    aliases: tuple[str, ...]
    family: str
    stands_in: str
    architecture: str
    stored: str
    pooler: bool
    config: Mapping[str, Any]
    labels: tuple[str, ...]
    generation: Mapping[str, int]
    revisions: tuple[str, ...]
    languages: tuple[str, ...]
    tokens: Tokens
    seed: int
    gains: Mapping[str, float]
    taught: Taught | None

    @property
    def stem(self) -> str:
        """The name of the files that belong to the recipe, without an ending."""
        return self.name.rpartition("/")[2]

    @property
    def public_config(self) -> Mapping[str, Any]:
        """The config values of the public checkpoint: where it is taught, with sizes of its own."""
        return {**self.config, **(self.taught.config if self.taught else {})}


@lru_cache(maxsize=1)
def load_recipes() -> Mapping[str, Recipe]:
    """Return every recipe by its public name, in alphabetical order.

    Errors: `KeyError` names a key that neither the recipe nor its family nor `_all.toml` has.
    """
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in RECIPES.glob("*.toml")}
    recipes = [_recipe(own, files) for stem, own in files.items() if not stem.startswith("_")]
    return {recipe.name: recipe for recipe in sorted(recipes, key=lambda recipe: recipe.name)}


def find_recipe(name: str) -> Recipe:
    """Return the recipe with this public name or alias.

    Errors: `KeyError` with the names that exist.
    """
    recipes = load_recipes()
    for recipe in recipes.values():
        if name == recipe.name or name in recipe.aliases:
            return recipe
    raise KeyError(f"no recipe for {name!r}; there are: {', '.join(recipes)}")


@lru_cache
def corpus(*languages: str) -> tuple[str, ...]:
    """Return the sentences of the languages ("en", "es"), all of them without an argument, in the order of the file."""
    sentences: dict[str, list[str]] = {}
    section: list[str] = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sentences.setdefault(line.strip("[]"), [])
        elif line:
            section.append(line)
    return tuple(sentence for language in languages or sentences for sentence in sentences[language])


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return 16 hex digits that change with recipes, corpus, taught weights, cards or the code that builds them."""
    digest = hashlib.sha256()
    taught = [*TAUGHT.glob("*.*"), *CARDS.glob("*.toml")]
    for path in sorted([*RECIPES.glob("*.toml"), *ROOM.glob("*.py"), CORPUS, *taught]):
        content = path.read_bytes()
        if path.suffix != ".safetensors":
            # Line endings differ between checkouts; the cache they lead to does not.
            content = content.replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _recipe(own: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> Recipe:
    data = _merged(_merged(files["_all"], files[f"_{own['family']}"]), own)
    tokens = data["tokenizer"]
    last = tokens["vocab_size"] - 1
    return Recipe(
        name=data["name"],
        aliases=tuple(data.get("aliases", ())),
        family=data["family"],
        stands_in=data["stands_in"],
        architecture=data["architecture"],
        stored=data.get("stored", data["architecture"]),
        pooler=data["pooler"],
        config=_with_last_id(data["config"], last),
        labels=tuple(data["labels"]),
        generation=_with_last_id(data.get("generation", {}), last),
        revisions=tuple(data["revisions"]),
        languages=tuple(data["languages"]),
        tokens=Tokens(
            kind=tokens["kind"],
            class_name=tokens["class"],
            lower_case=tokens["lower_case"],
            vocab_size=tokens["vocab_size"],
            model_max_length=tokens["model_max_length"],
            roles=tokens["roles"],
            ids=_with_last_id(tokens["ids"], last),
            sentinels=tokens.get("sentinels", 0),
        ),
        seed=data["seed"],
        gains=data["gains"],
        taught=_taught(data["taught"]) if "taught" in data else None,
    )


def _taught(data: dict[str, Any]) -> Taught:
    return Taught(
        task=data["task"],
        languages=tuple(data["languages"]),
        config=data["config"],
        seed=data["seed"],
        examples=data["examples"],
        steps=data["steps"],
        rate=data["rate"],
    )


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Merge two tables key by key, tables inside them too; `above` wins."""
    both = dict(below)
    for key, value in above.items():
        both[key] = _merged(both[key], value) if isinstance(value, dict) and key in both else value
    return both


def _with_last_id(table: Mapping[str, Any], last: int) -> dict[str, Any]:
    return {key: last if value == LAST_ID else value for key, value in table.items()}
