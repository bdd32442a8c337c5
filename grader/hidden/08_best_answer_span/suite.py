"""Hidden checks of 08_best_answer_span.

Logits of a real model forgive almost every wrong decoder, so these are drawn until they do not: each helper below says
what its inputs have that the easy ones lack. The best span leads by 0.3 at least, and the answers of a check differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grader.judge.suite import assert_raises, assert_same, assert_unchanged

Case = tuple[np.ndarray, np.ndarray, np.ndarray, int]

START = np.array([2, -1, 2, -2, -3, -1, 0, 0, -1, -4, -3, -1, 2, 6, 0, 3, 8, 0], dtype=np.float32)
END = np.array([8, 0, -3, 6, 3, -2, 0, 1, 8, 0, 9, 5, 4, 1, -4, 0, -1, 0], dtype=np.float32)
LEAD = 0.3


def best_two(start, end, context, limit):
    """Return (first, last, lead) of the best span; `lead` is what it scores above the next one."""
    places = np.flatnonzero(context)
    spans = [(float(start[s]) + float(end[e]), s, e) for s in places for e in places if s <= e < s + limit]
    (top, first, last), *rest = sorted(spans, reverse=True)
    return first, last, top - (rest[0][0] if rest else -np.inf)


def drawn(rng, special: Callable[..., bool], limits=(3, 6), first=(2, 6), shift=0.0) -> Iterator[Case]:
    """Yield drawn inputs of 18 tokens, the context from `first` on, logits around `shift`, that are `special`.

    `special` is asked with the logits of the context, outside -1000, and the best span.
    """
    answers = set()
    while True:
        start, end = rng.normal(shift, 3, size=(2, 18)).astype(np.float32)
        context = np.zeros(18, dtype=bool)
        context[int(rng.integers(*first)) : int(rng.integers(15, 18))] = True
        limit = int(rng.integers(*limits))
        best = best_two(start, end, context, limit)
        inside = np.where(context, start, -1000), np.where(context, end, -1000)
        if best[2] >= LEAD and best[:2] not in answers and special(*inside, limit, *best[:2]):
            answers.add(best[:2])
            yield start, end, context, limit


def far_from_the_single_winners(start, end, limit, first, last):
    """Neither the best start nor the best end belongs to the best span."""
    return start.argmax() != first and end.argmax() != last


def crossing(start, end, limit, first, last):
    """The best end is before the best start, and the pair of them is not too long, turned around."""
    return 0 < start.argmax() - end.argmax() < limit


def one_token(start, end, limit, first, last):
    """The best span is one token, and another one would win if spans had two tokens at least."""
    return first == last


def at_the_limit(start, end, limit, first, last):
    """The best span has `limit` tokens, and some span that is one token longer scores more."""
    longer = (start[:-limit] + end[limit:]).max()
    return last - first == limit - 1 and longer > start[first] + end[last]


def any_span(start, end, limit, first, last):
    """Nothing special."""
    return True


def take(count: int, cases: Iterator[Case]) -> list[Case]:
    return [next(cases) for _ in range(count)]


def assert_same_spans(student, reference, cases, absolute=np.inf):
    """Compare all spans once all of them were asked for; their scores have a check of their own."""
    got = [student.best_span(*case) for case in cases]
    for span, case in zip(got, cases, strict=True):
        assert_same(span, reference.best_span(*case), absolute=absolute)


def test_start_and_end_are_chosen_together(student, reference, rng):
    """The pair with the largest sum wins, not the best start and the best end.

    es: Gana la pareja con la suma más alta, no el mejor inicio y el mejor final por separado.
    """
    cases = take(3, drawn(rng, far_from_the_single_winners))
    for question in rng.permutation(6)[:2]:  # the planted vector, behind a question that is longer by some tokens
        more = rng.uniform(-3, 3, size=(2, question)).astype(np.float32)
        context = np.arange(18 + question) >= 6 + question
        context[-1] = False
        cases.append((np.append(more[0], START), np.append(more[1], END), context, 4))
    assert_same_spans(student, reference, cases)


def test_a_span_never_ends_before_it_starts(student, reference, rng):
    """The last token of the span is never before its first.

    es: El último token del tramo nunca va antes que el primero.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, crossing)))


def test_both_ends_lie_in_the_context(student, reference, rng):
    """The span starts and ends in the context, whatever the question, the special tokens and the padding score.

    es: El tramo empieza y acaba en el contexto, puntúen lo que puntúen la pregunta, los tokens especiales y el relleno.
    """
    cases = []
    for outside in ("starts", "ends", "both"):
        start, end, context, limit = next(drawn(rng, any_span))
        start[~context] += 12 * (outside != "ends")
        end[~context] += 12 * (outside != "starts")
        cases.append((start, end, context, limit))
    assert_same_spans(student, reference, cases)


def test_many_tokens_outside_take_no_place(student, reference, rng):
    """However many tokens outside the context score more than all of it, its best span wins.

    es: Por muchos tokens de fuera que puntúen más que todo el contexto, gana el mejor tramo del contexto.
    """
    cases = []
    for start, end, context, limit in take(2, drawn(rng, any_span)):
        high = rng.uniform(9, 15, size=(2, 30)).astype(np.float32)
        start, end = np.append(high[0], start), np.append(high[1], end)
        cases.append((start, end, np.append(np.zeros(30, dtype=bool), context), limit))
    assert_same_spans(student, reference, cases)


def test_negative_logits_are_logits_too(student, reference, rng):
    """Where all logits are negative, the least negative span wins.

    es: Si todos los logits son negativos, gana el tramo menos negativo.
    """
    cases = take(1, drawn(rng, any_span, first=(0, 1), shift=-15)) + take(2, drawn(rng, any_span, shift=-15))
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
    assert_same_spans(student, reference, take(3, drawn(rng, at_the_limit)))


def test_max_tokens_can_be_one(student, reference, rng):
    """With at most one token, the span is the token with the largest sum.

    es: Con un token como máximo, el tramo es el token con la suma más alta.
    """
    assert_same_spans(student, reference, take(3, drawn(rng, any_span, limits=(1, 2))))


def test_the_default_is_30_tokens(student, reference, rng):
    """Without max_tokens, a span has up to 30 tokens.

    es: Sin max_tokens, un tramo tiene hasta 30 tokens.
    """
    cases = []
    for first in rng.choice(np.arange(8, 20), size=2, replace=False):
        start, end = rng.uniform(-2, 0, size=(2, 60)).astype(np.float32)
        start[first], end[first + 29], end[first + 30] = 8, 6, 7  # 30 tokens, and 31 that score more
        cases.append((start, end, (np.arange(60) >= 7) & (np.arange(60) < 58)))
    assert_same_spans(student, reference, cases)


def test_the_score_is_the_sum_of_two_logits(student, reference, rng):
    """The score is the sum of the start's and the end's logit.

    es: El score es la suma del logit del inicio y el del final.
    """
    cases = take(2, drawn(rng, any_span)) + take(1, drawn(rng, any_span, shift=-15))
    assert_same_spans(student, reference, cases, absolute=1e-5)


def test_no_context_is_an_error(student, reference, rng):
    """Without a context, a ValueError says that there is no span.

    es: Sin contexto, un ValueError dice que no hay tramo.
    """
    for start, end, context, limit in take(2, drawn(rng, any_span)):
        assert_same_spans(student, reference, [(start, end, context, limit)])
        assert_raises(ValueError, student.best_span, start, end, np.zeros_like(context), limit)


def test_the_logits_are_left_as_they_were(student, reference, rng):
    """The logits and the context are left unchanged.

    es: Los logits y el contexto quedan como estaban.
    """
    for case in take(2, drawn(rng, any_span)):
        assert_same_spans(student, reference, [case])
        assert_unchanged(student)
