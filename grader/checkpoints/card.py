"""Model cards: what each twin is, what it knows and does not know, and how often it was right, in both languages.

A card is the `README.md` of a checkpoint, as on the hub. Words are in `cards/*.toml`, figures in `taught/*.json`, where
the training left them. No torch here.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .recipe import CARDS, TAUGHT, Recipe

TASKS = {
    "masked-lm": "fill-mask",
    "sentiment": "text-classification",
    "entities": "token-classification",
    "answers": "question-answering",
    "masked": "fill-mask",
    "text": "text-generation",
}
LANGUAGES = {"en": {"en": "English", "es": "Spanish"}, "es": {"en": "inglés", "es": "español"}}
WORDS = {
    "en": {
        "taught": "{name}: a taught twin",
        "drawn": "{name}: a drawn twin",
        "stands_for": "Not the real checkpoint of this name: a twin with {weights:,} weights, trained on templates.",
        "says_nothing": (
            "Not the real checkpoint of this name: a tiny twin with its form. {stands_in}.\n\n"
            "Its weights are drawn at random: what it says about a text means nothing."
        ),
        "knows": "What it knows",
        "limits": "What it does not know",
        "right": "How often it is right",
        "columns": ("language", "held-out templates", "probes"),
        "count": "{0} of {1}",
        "explained": (
            "{measure} Held-out templates are sentences of the same kind that training did not use. Probes are "
            "sentences that were written by hand and that training never saw."
        ),
        "wrong": "Probes that it gets wrong, with its answer:",
        "again": "Instructors make the weights again with `grader checkpoints teach {name}`.",
    },
    "es": {
        "taught": "{name}: un gemelo entrenado",
        "drawn": "{name}: un gemelo aleatorio",
        "stands_for": "No es el checkpoint real de ese nombre: un gemelo de {weights} pesos, hecho con plantillas.",
        "says_nothing": (
            "No es el checkpoint real de este nombre: es un gemelo diminuto con su forma.\n\n"
            "Sus pesos son aleatorios: lo que dice de un texto no significa nada."
        ),
        "knows": "Qué sabe",
        "limits": "Qué no sabe",
        "right": "Cuánto acierta",
        "columns": ("idioma", "plantillas reservadas", "pruebas"),
        "count": "{0} de {1}",
        "explained": (
            "{measure} Las plantillas reservadas dan frases del mismo tipo que no se usaron al entrenar. Las pruebas "
            "son frases escritas a mano que el entrenamiento nunca vio."
        ),
        "wrong": "Pruebas que falla, con su respuesta:",
        "again": "Quien imparte el curso puede volver a crear los pesos con `grader checkpoints teach {name}`.",
    },
}


@dataclass(frozen=True)
class Score:
    """How often a model was right in one language: (right, of how many), and the probes that it got wrong.

    `wrong` holds pairs: the probe, and what the model said.
    """

    held_out: tuple[int, int]
    probes: tuple[int, int]
    wrong: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figures:
    """What the training of a checkpoint left beside its weights."""

    weights: int
    scores: Mapping[str, Score]


def read_figures(recipe: Recipe) -> Figures:
    """Return the figures of a taught checkpoint. Errors: `OSError` where it was never taught."""
    data = json.loads((TAUGHT / f"{recipe.stem}.json").read_text(encoding="utf-8"))
    scores = {
        language: Score(tuple(score["held_out"]), tuple(score["probes"]), tuple(map(tuple, score["wrong"])))
        for language, score in data["scores"].items()
    }
    return Figures(data["weights"], scores)


def write_figures(recipe: Recipe, figures: Figures) -> None:
    """Write the figures of a taught checkpoint beside its weights."""
    scores = {
        language: {"held_out": score.held_out, "probes": score.probes, "wrong": score.wrong}
        for language, score in figures.scores.items()
    }
    text = json.dumps({"weights": figures.weights, "scores": scores}, indent=1, ensure_ascii=False)
    (TAUGHT / f"{recipe.stem}.json").write_text(text + "\n", encoding="utf-8")


def card_of(recipe: Recipe) -> str:
    """Return the card of a checkpoint as Markdown: a header for the hub, then English, then Spanish."""
    header = ["---", f"language: [{', '.join(recipe.taught.languages if recipe.taught else recipe.languages)}]"]
    header += ["license: mit", "library_name: transformers"]
    if recipe.taught:
        header.append(f"pipeline_tag: {TASKS[recipe.taught.task]}")
    parts = ["\n".join([*header, "---"])]
    parts += [_taught(recipe, language) if recipe.taught else _drawn(recipe, language) for language in WORDS]
    return "\n\n".join(parts) + "\n"


def _drawn(recipe: Recipe, language: str) -> str:
    words = WORDS[language]
    return f"# {words['drawn']}\n\n{words['says_nothing']}".format(name=recipe.name, stands_in=recipe.stands_in)


def _taught(recipe: Recipe, language: str) -> str:
    words: Mapping[str, Any] = WORDS[language]
    figures = read_figures(recipe)
    own = tomllib.loads((CARDS / f"{recipe.stem}.toml").read_text(encoding="utf-8"))[language]
    blocks = [f"# {words['taught']}".format(name=recipe.name), words["stands_for"].format(weights=figures.weights)]
    blocks += [f"## {words['knows']}", own["knows"].strip(), f"## {words['limits']}", own["limits"].strip()]
    rows = [words["columns"], ("---",) * 3]
    for spoken, score in figures.scores.items():
        counts = (words["count"].format(*count) for count in (score.held_out, score.probes))
        rows.append((LANGUAGES[language][spoken], *counts))
    blocks += [f"## {words['right']}", "\n".join(f"| {' | '.join(row)} |" for row in rows)]
    blocks.append(words["explained"].format(measure=own["measure"].strip()))
    wrong = [f"- {probe} → {said}" for score in figures.scores.values() for probe, said in score.wrong]
    if wrong:
        blocks += [words["wrong"], "\n".join(wrong)]
    blocks.append(words["again"].format(name=recipe.name))
    return "\n\n".join(blocks)
