"""The examples of each task: drawn from templates for training, from held-out templates and from probes for measuring.

Nothing that training draws contains a probe: an example that does is drawn again. No tensors here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from .grammar import Filler, Rules, parts, read, rules_of

NAME = re.compile(r"\[([A-Z]+) ([^\]]+)\]")
ANSWER = ("\x02", "\x03")
MASK = "[MASK]"
BARE_SHARE = 0.3
SENTIMENTS = ("NEGATIVE", "POSITIVE")


@dataclass(frozen=True)
class Example:
    """One example of any task.

    `text` is the text, or the context of a question. `label` is a sentiment; `spans` are (kind, start, end) of names
    or of the answer, in characters of `text`; `answers` are the words that are right for a mask or behind a beginning.
    """

    text: str
    label: str = ""
    question: str = ""
    spans: tuple[tuple[str, int, int], ...] = ()
    answers: tuple[str, ...] = ()

    def answer(self) -> str:
        """Return the part of the text that answers the question."""
        ((_, start, end),) = self.spans
        return self.text[start:end]


def drawn(task: str, language: str, count: int, random: Random, held_out: bool = False) -> list[Example]:
    """Return `count` examples of a task, of the templates that are trained on or of those that are held out."""
    draw = DRAWS[task](rules_of(FILES.get(task, task), language), random, held_out)
    closed = [seen for probe in probes(task, language) for seen in _traces(probe)]
    found: list[Example] = []
    while len(found) < count:
        example = next(draw)
        key = _key(example)
        if not any(trace in key for trace in closed):
            found.append(example)
    return found


def probes(task: str, language: str) -> list[Example]:
    """Return the probes of a task: sentences that were written by hand, which training never sees."""
    table = read("probes", task)[language]
    if task == "sentiment":
        return [Example(text, label=label) for label in SENTIMENTS for text in table[label]]
    if task == "entities":
        return [named(text) for text in table["sentences"]]
    if task == "answers":
        return [_asked(question, text, text.index(answer), answer) for question, text, answer in table["questions"]]
    rows = table["sentences" if task == "masked" else "beginnings"]
    return [Example(text, answers=tuple(answers)) for text, answers in rows]


def named(marked: str) -> Example:
    """Return the example of a text whose names stand in brackets, as in "[PER Ana] lives in [LOC Lima]"."""
    text, spans = "", []
    place = 0
    for match in NAME.finditer(marked):
        text += marked[place : match.start()]
        spans.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        place = match.end()
    return Example(text + marked[place:], spans=tuple(spans))


def _asked(question: str, text: str, start: int, answer: str) -> Example:
    return Example(text, question=question, spans=(("ANSWER", start, start + len(answer)),))


def _key(example: Example) -> str:
    return _plain(example.question + " | " + example.text if example.question else example.text)


def _plain(text: str) -> str:
    return " " + " ".join(re.findall(r"[\w|]+", text.casefold())) + " "


def _traces(probe: Example) -> Iterator[str]:
    """Yield what no example may contain: the probe's words, its masks filled with each right answer."""
    if MASK in probe.text:
        yield from (_plain(probe.text.replace(MASK, answer)) for answer in probe.answers)
    else:
        yield _key(probe)


def _sentiments(rules: Rules, random: Random, held_out: bool) -> Iterator[Example]:
    templates = {label: parts(rules[label])[held_out] for label in SENTIMENTS}
    while True:
        label = random.choice(SENTIMENTS)
        # Without phrases that are nearly bare, the words of praise and blame take four times as long to learn.
        bare = not held_out and random.random() < BARE_SHARE
        template = random.choice(rules["WORDS"][label] if bare else templates[label])
        text = _sentence(Filler(rules, random), template)
        yield Example(text, label=label)


def _entities(rules: Rules, random: Random, held_out: bool) -> Iterator[Example]:
    templates = parts(rules["sentences"])[held_out]
    while True:
        count = random.choice((1, 1, 1, 2))
        texts = [_sentence(Filler(rules, random), _timed(random.choice(templates), random)) for _ in range(count)]
        first, *rest = texts
        yield named(" ".join([first if first[-1] in "?.!" or not rest else first + ".", *rest]))


def _timed(template: str, random: Random) -> str:
    """Return a template, sometimes with a time before it or behind it."""
    chance = 1.0 if "{when}" in template or template[-1] in "?." else random.random()
    return "{when} " + template if chance < 0.1 else template + " {when}" if chance < 0.3 else template


def _answers(rules: Rules, random: Random, held_out: bool) -> Iterator[Example]:
    while True:
        fact, filler = random.choice(rules["facts"]), Filler(rules, random)
        slot = random.choice(sorted(fact["asks"]))
        marked = re.compile(rf"\{{\w+#{slot}\}}")
        ways = [way for way in _told(fact["tell"], held_out) if marked.search(way)]
        if not ways:
            continue
        question = filler.sentence(random.choice(_told(fact["asks"][slot], held_out)))
        told = filler.sentence(marked.sub(lambda found: ANSWER[0] + found[0] + ANSWER[1], random.choice(ways)))
        others = [_aside(rules, random, fact, held_out) for _ in range(random.choice((0, 0, 0, 1, 1, 2)))]
        others.insert(random.randint(0, len(others)), told)
        before, _, rest = " ".join(others).partition(ANSWER[0])
        answer, _, after = rest.partition(ANSWER[1])
        yield _asked(question, before + answer + after, len(before), answer)


def _told(ways: list[str], held_out: bool) -> list[str]:
    """Return all ways to say something but the last one, or that one."""
    return ways[-1:] if held_out else ways[:-1]


def _aside(rules: Rules, random: Random, fact: Mapping[str, list[str]], held_out: bool) -> str:
    """Return a sentence about something else: no fact, another fact, or sometimes one of the same kind."""
    if random.random() < 0.5:
        return Filler(rules, random).sentence("{extra}.")
    other = fact if random.random() < 0.15 else random.choice(rules["facts"])
    return Filler(rules, random).sentence(random.choice(_told(other["tell"], held_out)))


def _texts(rules: Rules, random: Random, held_out: bool) -> Iterator[Example]:
    templates = parts(rules["texts"])[held_out]
    while True:
        count = random.choice((1, 1, 2, 3))
        filled = (Filler(rules, random).fill(random.choice(templates)) for _ in range(count))
        yield Example(" ".join(_capitals(text) for text in filled))


def _sentence(filler: Filler, template: str) -> str:
    text = filler.sentence(template)
    return text if text[-1] in "?!." else text + filler.fill("{ending}")


def _capitals(text: str) -> str:
    return re.sub(r"(^[¿¡]?|[.?!] [¿¡]?)(\w)", lambda match: match[1] + match[2].upper(), text)


Draw = Callable[[Rules, Random, bool], Iterator[Example]]
FILES = {"masked": "text"}
DRAWS: Mapping[str, Draw] = {
    "sentiment": _sentiments,
    "entities": _entities,
    "answers": _answers,
    "masked": _texts,
    "text": _texts,
}
