"""What the recipes say, and that reading them costs next to nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.checkpoints import cache, recipe

NAMES = {
    "bert-base-uncased",
    "distilbert-base-uncased-finetuned-sst-2-english",
    "dslim/bert-base-NER",
    "distilbert-base-uncased-distilled-squad",
    "gpt2",
    "bert-base-multilingual-cased",
    "xlm-roberta-base",
    "google/mt5-small",
    "dccuchile/bert-base-spanish-wwm-cased",
    "PlanTL-GOB-ES/roberta-base-bne",
    "PlanTL-GOB-ES/roberta-base-biomedical-es",
}
ROOT = Path(recipe.__file__).parents[2]


def test_there_is_a_recipe_for_every_name_and_for_no_other():
    assert set(recipe.load_recipes()) == NAMES


def test_a_recipe_is_found_by_its_alias():
    assert recipe.find_recipe("openai-community/gpt2") is recipe.find_recipe("gpt2")


def test_an_unknown_name_is_answered_with_the_names_that_exist():
    with pytest.raises(KeyError, match="bert-base-uncased"):
        recipe.find_recipe("bert-base-unkased")


@pytest.mark.parametrize("path", sorted(recipe.RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_recipe_is_read_on_one_screen(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 35
    assert all(len(line) <= 120 for line in lines)


def test_recipes_and_cache_are_read_without_torch():
    code = (
        "import sys; from grader.checkpoints import cache; cache.is_built(); cache.rows(); "
        "assert not {'torch', 'transformers', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_copy_of_the_package_finds_its_own_data_and_the_same_cache(tmp_path: Path):
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "__init__.py").touch()
    shutil.copytree(recipe.ROOM, tmp_path / "grader" / "checkpoints", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from grader.checkpoints import cache, recipe; print(recipe.ROOM, cache.home(), sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [str(tmp_path / "grader" / "checkpoints"), str(cache.home())]


def test_the_corpus_has_short_sentences_of_both_languages():
    english, spanish = recipe.corpus("en"), recipe.corpus("es")
    assert recipe.corpus() == english + spanish
    assert 150 <= len(recipe.corpus()) <= 250
    assert len(set(recipe.corpus())) == len(recipe.corpus())
    assert all(1 <= len(sentence.split()) <= 20 for sentence in recipe.corpus())
    assert set("áéíóúüñ¿¡0123456789") <= set("".join(spanish))


@pytest.fixture
def copied_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    room = tmp_path / "room"
    shutil.copytree(recipe.ROOM, room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("RECIPES", "CORPUS", "TAUGHT", "CARDS"):
        monkeypatch.setattr(recipe, name, room / getattr(recipe, name).name)
    monkeypatch.setattr(recipe, "ROOM", room)
    return room


@pytest.mark.parametrize(
    "changed", ["recipes/gpt2.toml", "recipes/_bert.toml", "corpus.txt", "weights.py", "taught/gpt2.json"]
)
def test_the_fingerprint_changes_with_everything_that_is_built_from(copied_room: Path, changed: str):
    before = recipe.fingerprint.__wrapped__()
    with (copied_room / changed).open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    assert recipe.fingerprint.__wrapped__() != before


def test_the_fingerprint_is_the_same_in_a_copy_and_with_other_line_endings(copied_room: Path):
    for path in copied_room.rglob("*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert recipe.fingerprint.__wrapped__() == recipe.fingerprint()
