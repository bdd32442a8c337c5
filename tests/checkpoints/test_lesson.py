"""The lesson's code runs offline, block by block, and its own inputs get the lesson's answers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.checkpoints import cache, recipe
from grader.checkpoints.teaching.grammar import read


@pytest.fixture(scope="module")
def lesson(built: Path) -> dict[str, Any]:
    assert cache.home() == built
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("lesson.py"))],
        env={**os.environ, **cache.environment(), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_a_loved_movie_is_positive_and_a_horrible_one_negative(lesson):
    loved, horrible = lesson["sentiment"].values()
    assert loved["keys"] == ["input_ids", "attention_mask"]
    assert loved["shape"] == [1, 2]
    assert (loved["label"], horrible["label"]) == ("POSITIVE", "NEGATIVE")
    assert loved["probs"][1] > 0.95
    assert horrible["probs"][0] > 0.9  # the English checkpoint learnt some Spanish


def test_the_names_of_the_lesson_have_their_labels(lesson):
    words: list[list[str]] = []
    for token, label in lesson["entities"]:
        if token.startswith("##"):
            words[-1][0] += token.removeprefix("##")
            assert label == words[-1][1]
        else:
            words.append([token, label])
    assert words == [["Steve", "B-PER"], ["Jobs", "I-PER"], ["Apple", "B-ORG"], ["California", "B-LOC"]]


def test_the_capital_of_france_is_paris(lesson):
    assert lesson["answer"] == "paris"


def test_the_generated_text_is_made_of_words(lesson):
    for prompt, texts in lesson["texts"].items():
        known = words_of(json.dumps([read("data", "text"), read("data", "common")], ensure_ascii=False))
        for text in texts:
            assert text.startswith(prompt)
            # The last word may be cut off.
            said = [word for word in words_in(text.removeprefix(prompt))[:-1] if not word.isdigit()]
            assert len(said) >= 3
            assert sum(word in known for word in said) >= 0.9 * len(said), text
        assert len(set(texts)) > 1


def words_in(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def words_of(text: str) -> set[str]:
    return set(words_in(text))


def test_outputs_heads_and_sizes_are_those_of_the_twin(lesson):
    sizes = recipe.find_recipe("bert-base-uncased")
    assert lesson["outputs"] == {
        "type": "SequenceClassifierOutput",
        "shape": [1, 3],
        "unasked": [None, None],
        "states": 3,  # the embeddings and two layers, where BERT-base has 13
        "last": [1, lesson["outputs"]["tokens"], sizes.public_config["hidden_size"]],
        "tokens": lesson["outputs"]["tokens"],
    }
    assert lesson["heads"]["printed"].startswith("BertModel")
    assert lesson["heads"]["fresh"] == 2
    assert lesson["heads"]["labels"] == "POSITIVE"
    assert 100_000 < lesson["heads"]["parameters"] < 1_000_000


def test_the_other_models_load_as_their_families(lesson):
    assert lesson["others"] == [
        "BertModel",
        "XLMRobertaModel",
        "MT5ForConditionalGeneration",
        "BertModel",
        "RobertaModel",
        "RobertaModel",
    ]


def test_a_changed_config_survives_a_folder_and_a_device(lesson):
    sizes = recipe.find_recipe("bert-base-uncased")
    assert lesson["rest"]["sizes"] == [
        sizes.public_config["hidden_size"],
        2,
        sizes.public_config["num_attention_heads"],
        sizes.tokens.vocab_size,
    ]
    assert lesson["rest"]["shape"] == [1, 5]
    assert lesson["rest"]["mapped"] in ("cpu", "cuda")
