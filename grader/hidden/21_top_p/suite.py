"""Hidden checks of 21_top_p.

No running sum of a row comes near p, so every form of the comparison keeps the same tokens. The columns of each row are
permuted, rows lie at different heights, and neighbouring rows keep different numbers of tokens.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.facts import Fact
from grader.judge.suite import Unearned, assert_agree, assert_raises, assert_unchanged

ROOM = 0.01


def counts(logits, p):
    """Return how many tokens of each row top-p keeps, and how near a running sum comes to p."""
    ordered = -np.sort(-logits.astype(np.float64), axis=1)
    weights = np.exp(ordered - ordered[:, :1])
    sums = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    return (sums < p).sum(axis=1) + 1, np.abs(sums[:, :-1] - p).min()


def uneven_rows(rng, rows, vocab, p, *temperatures):
    """Return float32 logits (rows, vocab) whose neighbouring rows keep different numbers of tokens at `p`.

    Each row keeps two tokens at least and rules out two. No running sum is within ROOM of `p`, at any temperature.
    """
    while True:
        steps = np.cumsum(rng.uniform(0.1, 0.9, size=(rows, vocab)), axis=1)
        logits = rng.permuted(steps, axis=1) + rng.uniform(-6, 1, size=(rows, 1))
        logits = logits.astype(np.float32)
        kept, nearest = counts(logits, p)
        room = min(nearest, *(counts(logits / t, p)[1] for t in temperatures), 1)
        if room > ROOM and (kept[1:] != kept[:-1]).all() and kept.min() >= 2 and kept.max() <= vocab - 2:
            return logits


def assert_agree_at_p_1(student, reference, cases):
    """Compare kept tokens; where p = 1 is refused, with whatever words, that is said."""
    try:
        assert_agree(student.kept_tokens, reference.kept_tokens, cases)
    except Unearned as unearned:
        if unearned.outcome is None or "ValueError" not in unearned.outcome.error.get("types", ()):
            raise
        said = {
            "en": "p = 1 was refused. It makes sense: every token is kept.",
            "es": "Se rechazó p = 1. Tiene sentido: se conservan todos los tokens.",
        }
        raise Unearned("failed", Fact("stated", said), unearned.outcome) from None


def test_the_fewest_tokens_that_reach_p_are_kept(student, reference, rng):
    """A token is kept while those before it sum to less than p: the one that crosses p is the last.

    es: Un token se conserva mientras los anteriores sumen menos que p: el que cruza p es el último.
    """
    cases = [(uneven_rows(rng, rows, 8, p), p) for rows, p in ((5, 0.9), (4, 0.5))]
    assert_agree(student.kept_tokens, reference.kept_tokens, cases)


def test_a_single_row_is_a_batch(student, reference, rng):
    """One row in, one row out.

    es: Si entra una fila, sale una fila.
    """
    assert_agree(
        student.kept_tokens, reference.kept_tokens, [(uneven_rows(rng, 1, v, p), p) for v, p in ((6, 0.8), (9, 0.5))]
    )


@pytest.mark.rests_on("test_a_single_row_is_a_batch")
def test_one_likely_token_is_kept_in_every_row(student, reference, rng):
    """Where one token alone is likelier than p, it is the only one kept, in whichever row.

    es: Donde un solo token supera p, es el único que se conserva, en cualquier fila.
    """
    cases = []
    for p in (0.9, 0.6):
        logits = uneven_rows(rng, 4, 7, p)
        for row, column in zip((1, 3), rng.permutation(7), strict=False):
            logits[row, column] += 20
        cases.append((logits, p))
    assert_agree(student.kept_tokens, reference.kept_tokens, cases)


@pytest.mark.rests_on("test_a_single_row_is_a_batch")
def test_a_small_p_keeps_the_likeliest_token(student, reference, rng):
    """However small p is, one token is left.

    es: Por pequeño que sea p, queda un token.
    """
    cases = [(uneven_rows(rng, 3, 6, 0.8), p) for p in (0.02, 0.005)]
    assert_agree(student.kept_tokens, reference.kept_tokens, cases)


@pytest.mark.rests_on("test_a_single_row_is_a_batch")
def test_with_p_1_every_token_is_kept(student, reference, rng):
    """With p = 1 nothing is ruled out, however small its probability.

    es: Con p = 1 no se descarta nada, por pequeña que sea su probabilidad.
    """
    cases = []
    for rows, p in ((2, 0.8), (3, 1.0), (1, 1.0)):
        logits = uneven_rows(rng, rows, 6, 0.8)
        if p == 1:
            logits[-1, rng.integers(6)] += 30  # what is left has less than 1e-12
        cases.append((logits, p))
    assert_agree_at_p_1(student, reference, cases)


def test_a_p_that_is_no_probability_is_an_error(student, reference, rng):
    """A p of 0, below 0 or above 1 raises ValueError.

    es: Un p de 0, menor que 0 o mayor que 1 lanza ValueError.
    """
    logits = uneven_rows(rng, 3, 6, 0.8)
    assert_agree_at_p_1(student, reference, [(logits, 1.0), (logits[:2], 1.0)])
    for p in (0.0, -0.4, 1.5):
        assert_raises(ValueError, student.kept_tokens, logits, p, naming=f"p={p:g}")


def test_kept_tokens_share_all_the_probability(student, reference, rng):
    """What is ruled out has probability 0, and what is left sums to 1.

    es: Lo descartado tiene probabilidad 0 y lo que queda suma 1.
    """
    cases = [(uneven_rows(rng, rows, 8, p), p) for rows, p in ((3, 0.9), (4, 0.5))]
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_kept_tokens_share_all_the_probability")
def test_the_distribution_refuses_the_same_p(student, reference, rng):
    """In distribution too, a p of 0, below 0 or above 1 raises ValueError.

    es: También en distribution un p de 0, menor que 0 o mayor que 1 lanza ValueError.
    """
    logits = uneven_rows(rng, 3, 6, 0.8)
    assert_agree(student.distribution, reference.distribution, [(logits, 0.8), (logits[:2], 0.8)])
    for p in (0.0, -0.4, 1.5):
        assert_raises(ValueError, student.distribution, logits, p, naming=f"p={p:g}")


@pytest.mark.rests_on("test_kept_tokens_share_all_the_probability")
def test_the_temperature_comes_first(student, reference, rng):
    """The logits are divided by the temperature before top-p chooses.

    es: Los logits se dividen por la temperatura antes de que top-p elija.
    """
    cases = []
    for temperature, p in ((0.5, 0.85), (2.0, 0.8)):
        while True:
            logits = uneven_rows(rng, 3, 8, p, temperature)
            if (counts(logits, p)[0] != counts(logits / temperature, p)[0]).any():
                break
        cases.append((logits, p, temperature))
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_the_temperature_comes_first")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng):
    """The logits are left as they were.

    es: Los logits quedan como estaban.
    """
    for p, temperature in ((0.8, 0.5), (0.7, 1.0), (0.9, 2.0)):
        logits = uneven_rows(rng, 3, 7, p, temperature)
        assert_agree(student.kept_tokens, reference.kept_tokens, [(logits, p)])
        assert_unchanged(student)
        assert_agree(student.distribution, reference.distribution, [(logits, p, temperature)])
        assert_unchanged(student)
