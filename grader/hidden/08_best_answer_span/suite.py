"""Hidden checks of 08_best_answer_span.

The logits of a real model forgive almost every wrong decoder, so these are drawn until they do not. A check's inputs
break one rule of a span at a time: where it is not about the context, the tokens outside score low; where it is not
about the length, the limit is far. The best span leads by 0.3 at least, and the right answers of a check differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest

from grader.judge.suite import assert_agree, assert_raises, assert_unchanged

Case = tuple[np.ndarray, np.ndarray, np.ndarray, int]

START = np.array([2, -1, 2, -2, -3, -1, 0, 0, -1, -4, -3, -1, 2, 6, 0, 3, 8, 0], dtype=np.float32)
END = np.array([8, 0, -3, 6, 3, -2, 0, 1, 8, 0, 9, 5, 4, 1, -4, 0, -1, 0], dtype=np.float32)
SEQ = 18
FAR = 18
LEAD = 0.3


class Best(NamedTuple):
    """The best span of drawn inputs, what it scores above the next one, and the inputs themselves."""

    first: int
    last: int
    lead: float
    start: np.ndarray
    end: np.ndarray
    limit: int


def best_of(start, end, context, limit) -> Best:
    places = np.flatnonzero(context)
    pairs = [(s, e) for s in places for e in places if s <= e < s + limit]
    (top, first, last), (second, *_) = sorted(((float(start[s] + end[e]), s, e) for s, e in pairs), reverse=True)[:2]
    return Best(first, last, top - second, start, end, limit)


def drawn(rng, special: Callable[[Best], bool], limits=(FAR, FAR + 1), first=(2, 6), centre=0.0) -> Iterator[Case]:
    """Yield inputs of 18 tokens whose best span is `special`, no answer twice; the context's logits are near `centre`.

    The context begins in the range `first` and ends one to three tokens before the input does.
    """
    answers = set()
    while True:
        context = np.zeros(SEQ, dtype=bool)
        context[int(rng.integers(*first)) : int(rng.integers(SEQ - 3, SEQ))] = True
        inside, outside = rng.normal(centre, 3, size=(2, SEQ)), rng.uniform(-29, -20, size=(2, SEQ))
        start, end = np.where(context, inside, centre + outside).astype(np.float32)
        case = start, end, context, int(rng.integers(*limits))
        best = best_of(*case)
        if best.lead >= LEAD and best[:2] not in answers and special(best):
            answers.add(best[:2])
            yield case


def ordinary(best):
    """It has the best start and the best end, and several tokens."""
    return best.start.argmax() == best.first < best.last == best.end.argmax()


def far_from_the_single_winners(best):
    """It has neither the best start nor the best end."""
    return best.start.argmax() != best.first and best.end.argmax() != best.last


def crossing(best):
    """It has several tokens, and the best end is before the best start."""
    return best.end.argmax() < best.start.argmax() and best.first < best.last


def one_token(best):
    """It is one token, the best start and the best end."""
    return best.start.argmax() == best.first == best.last == best.end.argmax()


def at_the_limit(best):
    """It has as many tokens as it may, and some span that is one token longer scores more."""
    longer = best.start[: -best.limit] + best.end[best.limit :]
    return best.last - best.first == best.limit - 1 and longer.max() > best.start[best.first] + best.end[best.last]


def amid_others(best):
    """It is ordinary, with a token between its ends, and the context has a token more than its own ends around it."""
    return ordinary(best) and best.first >= 7 and best.last >= best.first + 2 and best.last <= 12


def of_one_token_at_most(best):
    return best.limit == 1


def take(count: int, cases: Iterator[Case]) -> list[Case]:
    return [next(cases) for _ in range(count)]


def behind_a_question(rng, case: Case, tokens: int, low: float, high: float) -> Case:
    """Return `case` with `tokens` more tokens in front, outside the context, their logits from `low` to `high`."""
    start, end, context, limit = case
    more = rng.uniform(low, high, size=(2, tokens)).astype(np.float32)
    return np.append(more[0], start), np.append(more[1], end), np.append(np.zeros(tokens, dtype=bool), context), limit


def with_gaps(rng, case: Case) -> Case:
    """Return `case` with a gap in the context before its best span, one within, and one behind; all score high."""
    start, end, context, limit = (part.copy() if isinstance(part, np.ndarray) else part for part in case)
    first, last, *_ = best_of(*case)
    begin, stop = np.flatnonzero(context)[[0, -1]]
    gaps = [int(rng.integers(low + 1, high)) for low, high in ((begin, first), (first, last), (last, stop))]
    context[gaps] = False
    start[gaps], end[gaps] = rng.uniform(11, 20, size=(2, len(gaps)))
    return start, end, context, limit


def assert_same_spans(student, reference, cases):
    """Compare first and last token; the scores have a check of their own."""
    assert_agree(student.best_span, reference.best_span, cases, ignoring=[2])


def test_start_and_end_are_chosen_together(student, reference, rng):
    """The pair with the largest sum wins, not the best start and the best end.

    es: Gana la pareja con la suma más alta, no el mejor inicio y el mejor final por separado.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, far_from_the_single_winners)))


def test_a_span_never_ends_before_it_starts(student, reference, rng):
    """The last token of the span is never before its first.

    es: El último token del tramo nunca va antes que el primero.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, crossing)))


def test_both_ends_lie_in_the_context(student, reference, rng):
    """The span starts and ends in the context, whatever question, special tokens, padding and gaps in it score.

    es: El tramo empieza y acaba en el contexto, puntúen lo que puntúen pregunta, tokens especiales, relleno y huecos.
    """
    cases = take(4, drawn(rng, ordinary))
    for (start, end, context, _), raised in zip(cases, ("starts", "ends", "both"), strict=False):
        start[~context] += 40 * (raised != "ends")
        end[~context] += 40 * (raised != "starts")
    cases[3] = behind_a_question(rng, cases[3], 30, 12, 15)  # more high tokens than anyone keeps as candidates
    cases += [with_gaps(rng, case) for case in take(2, drawn(rng, amid_others, first=(2, 5)))]
    assert_same_spans(student, reference, cases)


def test_negative_logits_are_logits_too(student, reference, rng):
    """Where all logits are negative, the least negative span wins, however negative they are.

    es: Si todos los logits son negativos, gana el tramo menos negativo, por muy negativos que sean.
    """
    cases = take(1, drawn(rng, ordinary, first=(0, 1), centre=-15)) + take(2, drawn(rng, ordinary, centre=-15))
    cases += take(1, drawn(rng, ordinary, centre=-600))  # sums below -1000
    assert_same_spans(student, reference, cases)


def test_one_token_can_be_the_answer(student, reference, rng):
    """A single token is a span.

    es: Un solo token es un tramo.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, one_token)))


def test_a_span_has_at_most_max_tokens(student, reference, rng):
    """A span can have max_tokens tokens, and not one more.

    es: Un tramo puede tener max_tokens tokens, y ninguno más.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, at_the_limit, limits=(3, 6))))


def test_max_tokens_can_be_one(student, reference, rng):
    """With at most one token, the span is the token with the largest sum.

    es: Con un token como máximo, el tramo es el token con la suma más alta.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, of_one_token_at_most, limits=(1, 2))))


def test_the_default_is_30_tokens(student, reference, rng):
    """Without max_tokens, a span has up to 30 tokens.

    es: Sin max_tokens, un tramo tiene hasta 30 tokens.
    """
    cases = []
    for first, longer in zip(rng.choice(np.arange(8, 20), size=2, replace=False), (31, 34), strict=True):
        start, end = rng.uniform(-2, 0, size=(2, 60)).astype(np.float32)
        start[first], end[first + 29], end[first + longer - 1] = 8, 6, 7  # 30 tokens, and more that score more
        cases.append((start, end, (np.arange(60) >= 7) & (np.arange(60) < 58)))
    assert_same_spans(student, reference, cases)


@pytest.mark.rests_on("test_start_and_end_are_chosen_together")
def test_all_rules_hold_together(student, reference, rng):
    """The best span keeps all the rules at once: in the context, in order, and not too long.

    es: El mejor tramo cumple todas las reglas a la vez: en el contexto, en orden y sin pasarse de largo.
    """
    planted = START, END, (np.arange(SEQ) >= 6) & (np.arange(SEQ) < 17), 4
    cases = [behind_a_question(rng, planted, int(tokens), -3, 9) for tokens in rng.permutation(6)[:2]]
    for start, end, context, limit in take(2, drawn(rng, at_the_limit, limits=(3, 6))):
        start[~context], end[~context] = rng.uniform(-3, 9, size=(2, int((~context).sum()))).astype(np.float32)
        cases.append((start, end, context, limit))
    assert_same_spans(student, reference, cases)


def test_the_score_is_the_sum_of_two_logits(student, reference, rng):
    """The score is the sum of the start's and the end's logit.

    es: El score es la suma del logit del inicio y el del final.
    """
    assert_agree(student.best_span, reference.best_span, take(3, drawn(rng, ordinary)))


def test_no_context_is_an_error(student, reference, rng):
    """Without a context, a ValueError says that there is no span.

    es: Sin contexto, un ValueError dice que no hay tramo.
    """
    for start, end, context, limit in take(2, drawn(rng, ordinary)):
        assert_same_spans(student, reference, [(start, end, context, limit)])
        assert_raises(ValueError, student.best_span, start, end, np.zeros_like(context), limit)


def test_the_logits_are_left_as_they_were(student, reference, rng):
    """The logits and the context are left unchanged.

    es: Los logits y el contexto quedan como estaban.
    """
    for case in take(2, drawn(rng, ordinary)):
        assert_same_spans(student, reference, [case])
        assert_unchanged(student)
