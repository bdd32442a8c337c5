"""Training of one checkpoint, the file of its weights, and how often it is right.

Same bits for the same recipe, templates and machine, on one thread; other machines may round differently, so the files
are kept, and proven by the accuracies that stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import torch
import transformers
from safetensors.torch import save
from torch import Tensor

from ..card import Figures, Score, write_figures
from ..recipe import TAUGHT, Recipe
from ..variants import label_maps, recipe_config
from ..weights import untied
from .examples import Example, drawn, probes
from .tasks import Row, batch_of, loss_of, quiz, right, row_of, shown

BATCH = 32
POOL = 16
SHORTEST_SHARE = 0.15
WARMUP = 0.1
HELD_OUT = 200
HELD_OUT_SEED = 7
Tell = Callable[[int, float], None]


def teach(recipe: Recipe, tell: Tell | None = None) -> Any:
    """Return the taught model of a recipe, in evaluation mode; `tell(step, loss)` is called on the way.

    Effects: torch computes on one thread afterwards; its global generator is seeded.
    """
    plan = recipe.taught
    assert plan is not None
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    random = Random(plan.seed)
    model = untaught(recipe)
    rows = [row_of(plan.task, example, recipe) for example in training_examples(recipe, random)]
    # Dropout would need more steps than these small models have: variety comes from the templates.
    model.eval()
    decayed = [value for value in model.parameters() if value.dim() > 1]
    plain = [value for value in model.parameters() if value.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, plan.rate, total_steps=plan.steps, pct_start=WARMUP)
    mean = 0.0
    for step, batch in enumerate(_batches(rows, plan.steps, random)):
        loss = loss_of(plan.task, model, batch_of(batch, recipe), recipe)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        mean += (loss.item() - mean) / min(step + 1, 100)
        if tell and (step + 1) % 100 == 0:
            tell(step + 1, mean)
    _repeat_positions(model, rows)
    return model


def write(recipe: Recipe, tell: Tell | None = None) -> Figures:
    """Teach a checkpoint, write its weights and figures into the package, and return the figures.

    Errors: `OSError` where the package's folder cannot be written.
    """
    model = as_kept(teach(recipe, tell))
    figures = measured(model, recipe)
    TAUGHT.mkdir(exist_ok=True)
    (TAUGHT / f"{recipe.stem}.safetensors").write_bytes(kept(model))
    write_figures(recipe, figures)
    return figures


def training_examples(recipe: Recipe, random: Random) -> list[Example]:
    """Return all that a checkpoint is trained on, each language as often as the others."""
    plan = recipe.taught
    assert plan is not None
    count = plan.examples // len(plan.languages)
    examples = [example for language in plan.languages for example in drawn(plan.task, language, count, random)]
    random.shuffle(examples)
    return examples


def untaught(recipe: Recipe) -> Any:
    """Return the model that a recipe's file holds, with fresh weights from torch's global generator."""
    labels = label_maps(dict(enumerate(recipe.labels))) if recipe.labels else {}
    model = getattr(transformers, recipe.stored)(recipe_config(recipe, **recipe.public_config, **labels))
    with torch.no_grad():
        for value in model.parameters():
            if value.dim() > 1:
                value.normal_(0, 0.5 / value.shape[-1] ** 0.5)
    _attend_to_its_like(model)
    return model


def _attend_to_its_like(model: Any) -> None:
    """Begin with keys equal to queries in the first layer, where a family keeps them apart: like then attends to like.

    Finding the words of a question again in a text grows out of it, in a third of the steps.
    """
    modules = dict(model.named_modules())
    with torch.no_grad():
        for name, module in modules.items():
            for query, key in ((".q_lin", ".k_lin"), (".query", ".key")):
                if name.endswith(query) and "0" in name.split("."):
                    module.weight.normal_(0, 1 / module.weight.shape[-1] ** 0.5)
                    modules[name.removesuffix(query) + key].weight.copy_(module.weight)


def kept(model: Any) -> bytes:
    """Return the file of a model's weights: each once, by its name in the body, as float16."""
    weights = {name: value.detach().half().contiguous() for name, value in sorted(untied(model).items())}
    return save(weights, metadata={"format": "pt"})


def as_kept(model: Any) -> Any:
    """Return the model with its weights rounded as its file has them."""
    with torch.no_grad():
        for value in model.parameters():
            value.copy_(value.half())
    return model


def measured(model: Any, recipe: Recipe) -> Figures:
    """Return how often the model is right, in each language, on held-out templates and on probes."""
    plan = recipe.taught
    assert plan is not None
    scores = {}
    for language in plan.languages:
        random = Random(HELD_OUT_SEED)
        more = drawn(plan.task, language, 2 * HELD_OUT, random, held_out=True)
        asked = (quiz(plan.task, example, recipe, random) for example in more)
        held_out = [question for question in asked if question is not None][:HELD_OUT]
        by_hand = probes(plan.task, language)
        answers = [right(plan.task, model, example, recipe) for example in by_hand]
        wrong = tuple((shown(probe), said) for probe, (ok, said) in zip(by_hand, answers, strict=True) if not ok)
        scores[language] = Score(
            (sum(right(plan.task, model, example, recipe)[0] for example in held_out), len(held_out)),
            (len(by_hand) - len(wrong), len(by_hand)),
            wrong,
        )
    return Figures(sum(value.numel() for value in untied(model).values()), scores)


def _batches(rows: list[Row], steps: int, random: Random) -> Iterator[list[Row]]:
    """Yield batches of rows of similar length: short rows alone at first, all rows from the middle on.

    What is learned on short rows comes sooner, and the long ones build on it.
    """
    ordered = sorted(rows, key=lambda row: len(row.ids))
    made = 0
    while True:
        share = min(1.0, SHORTEST_SHARE + 2 * made / steps)
        pool = random.sample(ordered[: max(BATCH * POOL, int(len(ordered) * share))], BATCH * POOL)
        pool.sort(key=lambda row: len(row.ids))
        starts = list(range(0, len(pool), BATCH))
        random.shuffle(starts)
        for start in starts:
            yield pool[start : start + BATCH]
            made += 1
            if made == steps:
                return


def _repeat_positions(model: Any, rows: list[Row]) -> None:
    """Give positions that training never reached the embeddings of those that it did, again and again."""
    names = ("position_embeddings.weight", "wpe.weight")
    tables: list[Tensor] = [value for name, value in model.named_parameters() if name.endswith(names)]
    lengths = sorted(len(row.ids) for row in rows)
    known = lengths[len(lengths) * 9 // 10]
    with torch.no_grad():
        for table in tables:
            for place in range(known, len(table)):
                # The first position belongs to [CLS] alone.
                table[place] = table[1 + (place - 1) % (known - 1)]
