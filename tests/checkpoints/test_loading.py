"""Every name and alias loads through the Auto classes that the lesson uses, in a process that may not connect."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.checkpoints import cache, recipe

BASE, SEQUENCE, TOKEN = "AutoModel", "AutoModelForSequenceClassification", "AutoModelForTokenClassification"
QUESTION, MASKED, CAUSAL = "AutoModelForQuestionAnswering", "AutoModelForMaskedLM", "AutoModelForCausalLM"
ENCODER = [BASE, SEQUENCE, TOKEN, QUESTION, MASKED]
AUTOS = {
    "bert": ENCODER,
    "distilbert": ENCODER,
    "roberta": ENCODER,
    "xlm-roberta": ENCODER,
    "gpt2": [BASE, CAUSAL],
    "mt5": [BASE, "AutoModelForSeq2SeqLM", "MT5ForConditionalGeneration"],
}
STORED = {
    "bert-base-uncased": MASKED,
    "bert-base-multilingual-cased": MASKED,
    "dccuchile/bert-base-spanish-wwm-cased": MASKED,
    "PlanTL-GOB-ES/roberta-base-bne": MASKED,
    "PlanTL-GOB-ES/roberta-base-biomedical-es": MASKED,
    "xlm-roberta-base": MASKED,
    "dslim/bert-base-NER": TOKEN,
    "distilbert-base-uncased-finetuned-sst-2-english": SEQUENCE,
    "distilbert-base-uncased-distilled-squad": QUESTION,
    "gpt2": CAUSAL,
    "google/mt5-small": "MT5ForConditionalGeneration",
}
WITHOUT_POOLER = [
    "dccuchile/bert-base-spanish-wwm-cased",
    "PlanTL-GOB-ES/roberta-base-bne",
    "PlanTL-GOB-ES/roberta-base-biomedical-es",
]
ALIASES = {
    "google-bert/bert-base-uncased",
    "google-bert/bert-base-multilingual-cased",
    "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
    "distilbert/distilbert-base-uncased-distilled-squad",
    "openai-community/gpt2",
    "FacebookAI/xlm-roberta-base",
}


def autos_of(name: str) -> list[str]:
    # Nine labels do not fit a question-answering head: the real checkpoint fails in the same way.
    return [
        auto for auto in AUTOS[recipe.find_recipe(name).family] if (name, auto) != ("dslim/bert-base-NER", QUESTION)
    ]


@pytest.fixture(scope="module")
def loaded(built: Path) -> dict[str, Any]:
    wanted = {name: autos_of(name) for name in recipe.load_recipes()}
    wanted |= {alias: [BASE] for found in recipe.load_recipes().values() for alias in found.aliases}
    assert cache.home() == built
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("loads_by_name.py"))],
        input=json.dumps(wanted),
        env={**os.environ, **cache.environment(), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_every_name_loads_through_every_auto_class_in_eval_mode(loaded):
    for name in recipe.load_recipes():
        for auto in autos_of(name):
            assert loaded[name][auto]["finite"], (name, auto)
            assert not loaded[name][auto]["training"], (name, auto)
            assert loaded[name][auto]["layers"] == (3 if "squad" in name else 2), (name, auto)


def test_every_usual_alias_loads(loaded):
    assert loaded.keys() >= ALIASES
    assert all(loaded[alias][BASE]["finite"] for alias in ALIASES)


@pytest.mark.parametrize("name", STORED)
def test_the_head_of_the_real_checkpoint_is_stored(loaded, name):
    stored = loaded[name][STORED[name]]
    assert stored["class"] == recipe.find_recipe(name).architecture
    assert stored["fresh"] == []


@pytest.mark.parametrize("name", ["bert-base-uncased", "xlm-roberta-base", "PlanTL-GOB-ES/roberta-base-bne"])
def test_a_base_checkpoint_has_fresh_task_heads_of_the_size_asked_for(loaded, name):
    for auto, labels in ((SEQUENCE, 3), (TOKEN, 5)):
        fresh = loaded[name][auto]["fresh"]
        assert fresh
        assert all(key.startswith("classifier") for key in fresh)
        assert len(loaded[name][auto]["labels"]) == labels


@pytest.mark.parametrize("name", sorted(STORED))
def test_a_pooler_is_fresh_only_where_the_real_file_has_none(loaded, name):
    pooler = [key for key in loaded[name][BASE]["fresh"] if "pooler" in key]
    assert bool(pooler) == (name in WITHOUT_POOLER)
    assert pooler == loaded[name][BASE]["fresh"]


def test_labels_are_those_of_the_real_checkpoints(loaded):
    sentiment = loaded["distilbert-base-uncased-finetuned-sst-2-english"][SEQUENCE]["labels"]
    assert sentiment == [[0, "NEGATIVE"], [1, "POSITIVE"]]
    entities = [label for _, label in loaded["dslim/bert-base-NER"][TOKEN]["labels"]]
    assert entities == ["O", "B-MISC", "I-MISC", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]


def test_the_pipelines_that_still_exist_find_their_models(loaded):
    pipelines = loaded["pipelines"]
    assert pipelines["sentiment"] in ("NEGATIVE", "POSITIVE")
    assert pipelines["entities"] > 0
    assert pipelines["masks"] == 5
    assert pipelines["text"].startswith("I love")


def test_refs_hold_a_hash_and_nothing_else(built):
    refs = [path for path in (built / "hub").glob("*/refs/*") if path.is_file()]
    assert {path.name for path in refs} == {"main", "714eb0f"}
    for path in refs:
        assert len(path.read_bytes()) == 40
        assert (path.parents[1] / "snapshots" / path.read_text()).is_dir()


def test_every_file_is_readable_by_another_user(built):
    for path in built.rglob("*"):
        assert path.stat().st_mode & 0o444 == 0o444, path
        assert not path.is_dir() or path.stat().st_mode & 0o111 == 0o111, path
