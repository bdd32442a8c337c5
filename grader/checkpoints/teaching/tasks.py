"""What a task is to a model: its inputs, its loss, and which of its answers are right.

Texts become ids by the tokenizer of the checkpoint; nothing here draws examples or changes weights.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ..recipe import Recipe
from ..vocabularies import backend
from .examples import MASK, SENTIMENTS, Example

IGNORED = -100
HIDDEN_SHARE = 0.2
NEW_TOKENS = 8
LONGEST_ANSWER = 12
ARTICLES = re.compile(r"\b(a|an|the|el|la|los|las|un|una)\b")
Inputs = dict[str, Tensor]


@dataclass(frozen=True)
class Row:
    """An encoded example.

    `targets` has one entry for a sentence, two for an answer, else one per token. `allowed` is 1 where an answer may
    lie, or a mask.
    """

    ids: list[int]
    types: list[int]
    targets: list[int]
    allowed: list[int]


def row_of(task: str, example: Example, recipe: Recipe) -> Row:
    """Return an example as ids and targets."""
    tokenizer: Tokenizer = backend(recipe.name)
    if task == "text":
        ids = [*tokenizer.encode(example.text).ids, recipe.tokens.ids[recipe.tokens.roles["eos"]]]
        return Row(ids, [0] * len(ids), ids, [1] * len(ids))
    if task == "answers":
        pair = tokenizer.encode(example.question, example.text)
        allowed = [int(part == 1) for part in pair.sequence_ids]
        return Row(pair.ids, pair.type_ids, _span(example, pair.offsets, allowed), allowed)
    encoding = tokenizer.encode(example.text)
    words = encoding.word_ids
    if task == "sentiment":
        return Row(encoding.ids, encoding.type_ids, [SENTIMENTS.index(example.label)], [1] * len(words))
    if task == "entities":
        labels = _labels(example, encoding.offsets, words)
        return Row(encoding.ids, encoding.type_ids, [recipe.labels.index(label) for label in labels], [1] * len(words))
    # Only a word that is one token can be found again behind one mask.
    whole = [int(word is not None and words.count(word) == 1) for word in words]
    return Row(encoding.ids, encoding.type_ids, list(encoding.ids), whole)


def batch_of(rows: Sequence[Row], recipe: Recipe) -> Inputs:
    """Return rows as tensors, padded on the right. Shapes: [batch, seq]; `targets` [batch, 1 or 2] for sentences."""

    def padded(columns: Sequence[list[int]], filler: int) -> Tensor:
        width = max(map(len, columns))
        return torch.tensor([[*column, *[filler] * (width - len(column))] for column in columns])

    return {
        "input_ids": padded(
            [row.ids for row in rows], recipe.tokens.ids[recipe.tokens.roles.get("pad", recipe.tokens.roles["unk"])]
        ),
        "attention_mask": padded([[1] * len(row.ids) for row in rows], 0),
        "token_type_ids": padded([row.types for row in rows], 0),
        "allowed": padded([row.allowed for row in rows], 0),
        "targets": padded([row.targets for row in rows], IGNORED),
    }


def loss_of(task: str, model: Any, batch: Inputs, recipe: Recipe) -> Tensor:
    """Return the mean loss of a batch; masks are drawn from torch's global generator."""
    targets = batch["targets"]
    if task == "masked":
        batch, targets = _hidden(batch, recipe)
    out = _run(model, batch)
    if task == "answers":
        # The question competes too: what the lesson reads off is the largest logit of all.
        padded = batch["attention_mask"] == 0
        starts, ends = (out[key].masked_fill(padded, -1e4) for key in ("start_logits", "end_logits"))
        return functional.cross_entropy(starts, targets[:, 0]) + functional.cross_entropy(ends, targets[:, 1])
    logits = out["prediction_logits"] if "prediction_logits" in out else out["logits"]
    if task == "text":
        logits, targets = logits[:, :-1], targets[:, 1:]
    return functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=IGNORED)


@torch.no_grad()
def right(task: str, model: Any, example: Example, recipe: Recipe) -> tuple[bool, str]:
    """Return whether the model's answer to an example is right, and the answer in words."""
    if task == "text":
        said = continued(model, recipe, example.text, NEW_TOKENS)
        words = re.findall(r"\w+", said)
        return bool(words) and words[0] in example.answers, said.split("\n")[0].strip()
    row = row_of(task, example, recipe)
    batch = batch_of([row], recipe)
    out = _run(model, batch)
    if task == "sentiment":
        label = SENTIMENTS[int(out["logits"][0].argmax())]
        return label == example.label, label
    if task == "entities":
        found = [recipe.labels[id] for id in out["logits"][0].argmax(-1).tolist()]
        wanted = [recipe.labels[id] for id in row.targets]
        words = backend(recipe.name).encode(example.text).word_ids
        first = {word: place for place, word in reversed(list(enumerate(words))) if word is not None}
        places = [first[word] for word in sorted(first)]
        return all(found[place] == wanted[place] for place in places), " ".join(found[place] for place in places)
    if task == "answers":
        start, end = _best_span(out["start_logits"][0], out["end_logits"][0], batch["allowed"][0])
        offsets = backend(recipe.name).encode(example.question, example.text).offsets
        said = example.text[offsets[start][0] : offsets[end][1]]
        return _bare(said) == _bare(example.answer()), said
    logits = out["prediction_logits"] if "prediction_logits" in out else out["logits"]
    place = row.ids.index(recipe.tokens.ids[MASK])
    said = str(backend(recipe.name).id_to_token(int(logits[0, place].argmax())))
    return said in example.answers, said


@torch.no_grad()
def continued(model: Any, recipe: Recipe, text: str, new_tokens: int) -> str:
    """Return the likeliest text behind a beginning, up to the end of the text or `new_tokens` tokens."""
    tokenizer = backend(recipe.name)
    ids = tokenizer.encode(text).ids
    end = recipe.tokens.ids[recipe.tokens.roles["eos"]]
    begun = len(ids)
    while len(ids) < begun + new_tokens and ids[-1] != end:
        ids.append(int(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
    return str(tokenizer.decode(ids[begun:]))


def quiz(task: str, example: Example, recipe: Recipe, random: Random) -> Example | None:
    """Return an example as something to answer: a text without one of its words, or only the beginning of it.

    Examples of other tasks come back as they are; None stands for a text none of whose words is a single token.
    """
    if task == "masked":
        encoding = backend(recipe.name).encode(example.text)
        row = row_of(task, example, recipe)
        places = [at for at, allowed in enumerate(row.allowed) if allowed and encoding.tokens[at].isalpha()]
        if not places:
            return None
        place = random.choice(places)
        start, end = encoding.offsets[place]
        return Example(example.text[:start] + MASK + example.text[end:], answers=(encoding.tokens[place],))
    if task == "text":
        begun = random.choice(list(re.finditer(r"(?<=\w) (?=\w)", example.text))).start()
        return Example(example.text[:begun], answers=(re.findall(r"\w+", example.text[begun:])[0],))
    return example


def shown(example: Example) -> str:
    """Return an example as a person reads it: the text, behind the question where there is one."""
    return f"{example.question} ({example.text})" if example.question else example.text


def _run(model: Any, batch: Inputs) -> Mapping[str, Tensor]:
    names = ["input_ids", "attention_mask"]
    if getattr(model.config, "type_vocab_size", 0) > 1:
        names.append("token_type_ids")
    result: Mapping[str, Tensor] = model(**{name: batch[name] for name in names})
    return result


def _hidden(batch: Inputs, recipe: Recipe) -> tuple[Inputs, Tensor]:
    """Put masks over some of the words, over one at least of each row; return what to predict there."""
    chances = torch.rand(batch["input_ids"].shape).masked_fill(batch["allowed"] == 0, 2.0)
    hidden = (chances < HIDDEN_SHARE) | ((chances == chances.min(1, keepdim=True).values) & (chances < 1))
    targets = batch["input_ids"].masked_fill(~hidden, IGNORED)
    # As in BERT's training, some hidden words stay, so that words which are not masked are read too.
    shown = torch.rand(hidden.shape) < 0.1
    return {**batch, "input_ids": batch["input_ids"].masked_fill(hidden & ~shown, recipe.tokens.ids[MASK])}, targets


def _labels(example: Example, offsets: Sequence[tuple[int, int]], words: Sequence[int | None]) -> list[str]:
    """Return a label for each token: that of its name, B for all pieces of the first word, I for the others."""
    labels = []
    for (first, last), word in zip(offsets, words, strict=True):
        inside = [span for span in example.spans if word is not None and span[1] <= first and last <= span[2]]
        label = "O"
        if inside:
            kind, start, _ = inside[0]
            begins = next(
                word for word, (at, _) in zip(words, offsets, strict=True) if word is not None and at == start
            )
            label = f"{'B' if word == begins else 'I'}-{kind}"
        labels.append(label)
    return labels


def _span(example: Example, offsets: Sequence[tuple[int, int]], allowed: Sequence[int]) -> list[int]:
    ((_, start, end),) = example.spans
    inside = [
        place
        for place, ((first, last), is_context) in enumerate(zip(offsets, allowed, strict=True))
        if is_context and first < end and start < last
    ]
    return [inside[0], inside[-1]]


def _best_span(starts: Tensor, ends: Tensor, allowed: Tensor) -> tuple[int, int]:
    scores = starts[:, None] + ends[None, :]
    fits = torch.ones_like(scores).triu().tril(LONGEST_ANSWER * 3).bool()
    fits &= (allowed[:, None] * allowed[None, :]).bool()
    best = int(scores.masked_fill(~fits, -torch.inf).argmax())
    return divmod(best, len(starts))


def _bare(text: str) -> str:
    return " ".join(ARTICLES.sub(" ", text.casefold()).split()).strip(" .,;:!?¿¡")
