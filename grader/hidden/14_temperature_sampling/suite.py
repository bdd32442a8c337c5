"""Hidden checks of 14_temperature_sampling.

The logits of a row are spaced, unsorted and in an order of their own, and rows lie at different heights. What is drawn
is compared with its probabilities: many rows, each draw its own, five standard deviations of room.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.compare import as_array
from grader.judge.suite import assert_agree, assert_raises, assert_same, assert_that, assert_unchanged

DRAWS = 3000


def spaced_logits(rng, rows, vocab):
    """Return float32 logits (rows, vocab), 0.3 or more between any two of a row, the likeliest first in no row.

    Rows lie at different heights, and no row has its likeliest token where the row before has it.
    """
    steps = np.cumsum(rng.uniform(0.3, 0.8, size=(rows, vocab)), axis=1)
    while True:
        logits = rng.permuted(steps, axis=1)
        best = logits.argmax(-1)
        if (best > 0).all() and (best[1:] != best[:-1]).all():
            heights = 1.5 * rng.permutation(rows)[:, None] - rng.uniform(2, 4)
            return (logits + heights).astype(np.float32)


def many_rows(rng, vocab=5):
    """Return DRAWS rows of logits: two different rows, again and again, in a drawn order; and which row is which."""
    which = rng.integers(2, size=DRAWS)
    return spaced_logits(rng, 2, vocab)[which], which


def drawn_ids(got, rows):
    """Return the drawn ids as an array (rows,); fail where they have another form."""
    ids = as_array(got)
    assert_that(
        ids is not None and ids.shape == (rows,) and ids.dtype.kind in "iu",
        f"Expected one integer for each of the {rows} rows, without a further dimension.",
        f"Se esperaba un entero por cada una de las {rows} filas, sin más dimensiones.",
        got,
    )
    return ids


def assert_drawn_like(got, probabilities, which):
    """Fail unless each token came about as often as its probability says, in the rows of each kind."""
    ids = drawn_ids(got, len(which))
    for kind in np.unique(which):
        of_kind, chances = ids[which == kind], probabilities[which == kind][0].astype(np.float64)
        count, outside = len(of_kind), (of_kind < 0) | (of_kind >= len(chances))
        assert_that(
            not outside.any(), "A drawn id is not in the vocabulary.", "Un id sorteado no está en el vocabulario."
        )
        shares = np.bincount(of_kind, minlength=len(chances)) / count
        room = np.where(chances > 0, 5 * np.sqrt(chances * (1 - chances) / count) + 3 / count, 0)
        worst = int(np.argmax(np.abs(shares - chances) - room))
        fits = (np.abs(shares - chances) <= room).all()
        share, chance = f"{shares[worst]:.2g}", f"{chances[worst]:.2g}"
        assert_that(
            fits,
            f"Of {count} draws from one row, a share of {share} fell on a token whose probability is {chance}.",
            f"De {count} sorteos de una fila, una fracción de {share} cayó en un token cuya probabilidad es {chance}.",
        )


def test_at_temperature_1_it_is_a_softmax(student, reference, rng):
    """At temperature 1 the probabilities are the softmax of each row.

    es: A temperatura 1 las probabilidades son el softmax de cada fila.
    """
    cases = [(spaced_logits(rng, *shape), 1.0) for shape in ((4, 6), (3, 5), (1, 4))]
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_at_temperature_1_it_is_a_softmax")
def test_the_temperature_divides_the_logits(student, reference, rng):
    """A temperature below 1 sharpens the probabilities, one above 1 flattens them.

    es: Una temperatura menor que 1 concentra las probabilidades; una mayor las iguala.
    """
    cases = [(spaced_logits(rng, 4, 6), temperature) for temperature in (0.5, 2.0, rng.uniform(1.2, 1.6))]
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_at_temperature_1_it_is_a_softmax")
def test_top_k_leaves_the_k_likeliest_tokens(student, reference, rng):
    """In each row the k likeliest tokens share all the probability, in their own columns.

    es: En cada fila los k tokens más probables se reparten toda la probabilidad, en sus columnas.
    """
    cases = [(spaced_logits(rng, 4, 7), 1.0, k) for k in (3, 4, 1)]
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_top_k_leaves_the_k_likeliest_tokens")
def test_top_k_and_temperature_work_together(student, reference, rng):
    """The temperature holds among the tokens that top_k leaves.

    es: La temperatura actúa entre los tokens que deja top_k.
    """
    cases = [(spaced_logits(rng, 4, 7), temperature, k) for temperature, k in ((0.5, 3), (2.0, 2))]
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_at_temperature_1_it_is_a_softmax")
def test_a_top_k_of_the_vocabulary_or_more_rules_out_nothing(student, reference, rng):
    """With as many tokens as there are, or more, every token can be drawn.

    es: Con tantos tokens como hay, o más, todos pueden salir.
    """
    cases = [(spaced_logits(rng, 3, 5), 1.0, k) for k in (5, 6, 50)]
    assert_agree(student.distribution, reference.distribution, cases)


@pytest.mark.rests_on("test_the_temperature_divides_the_logits")
def test_large_logits_stay_finite(student, reference, rng):
    """Logits of ±1000 give finite probabilities.

    es: Logits de ±1000 dan probabilidades finitas.
    """
    shifts = ((np.float32(1000), 0.5), (np.float32(-1000), 2.0))
    cases = [(spaced_logits(rng, 3, 5) + shift, temperature) for shift, temperature in shifts]
    assert_agree(student.distribution, reference.distribution, cases, relative=2e-3)


@pytest.mark.rests_on("test_at_temperature_1_it_is_a_softmax")
def test_what_makes_no_sense_is_an_error(student, reference, rng, models):
    """A temperature of 0 or less, and a top_k of less than 1, raise ValueError, in both functions.

    es: Una temperatura de 0 o menos y un top_k menor que 1 lanzan ValueError, en ambas funciones.
    """
    logits = spaced_logits(rng, 3, 5)
    assert_agree(student.distribution, reference.distribution, [(logits, 1.0), (logits[:, ::-1].copy(), 1.0)])
    for temperature, top_k in ((0.0, None), (-0.5, None), (1.0, 0), (1.0, -1)):
        naming = f"temperature={temperature:g}" if top_k is None else f"top_k={top_k}"
        assert_raises(ValueError, student.distribution, logits, temperature, top_k, naming=naming)
        assert_raises(ValueError, student.sample, logits, temperature, models.generator(), top_k, naming=naming)


@pytest.mark.rests_on("test_the_temperature_divides_the_logits")
def test_tokens_come_as_often_as_their_probability_says(student, reference, rng, models):
    """Each row has a draw of its own, from its own probabilities.

    es: Cada fila tiene su propio sorteo, con sus propias probabilidades.
    """
    drawn_from = [(*many_rows(rng), temperature) for temperature in (0.5, 2.5, 2.0)]
    drawn = [student.sample(logits, temperature, models.generator()) for logits, _, temperature in drawn_from]
    for got, (logits, which, temperature) in zip(drawn, drawn_from, strict=True):
        assert_drawn_like(got, reference.distribution(logits, temperature), which)


@pytest.mark.rests_on("test_tokens_come_as_often_as_their_probability_says")
def test_only_the_top_k_tokens_are_drawn(student, reference, rng, models):
    """With top_k, no other token is ever drawn, and the ids are those of the vocabulary.

    es: Con top_k nunca sale otro token, y los ids son los del vocabulario.
    """
    drawn_from = [(*many_rows(rng, vocab=7), temperature, top_k) for temperature, top_k in ((1.0, 2), (2.0, 3))]
    drawn = [student.sample(logits, t, models.generator(), top_k) for logits, _, t, top_k in drawn_from]
    for got, (logits, which, temperature, top_k) in zip(drawn, drawn_from, strict=True):
        assert_drawn_like(got, reference.distribution(logits, temperature, top_k), which)


@pytest.mark.rests_on("test_tokens_come_as_often_as_their_probability_says")
def test_a_single_row_gives_a_single_token(student, reference, rng, models):
    """One row in, one token out, in a tensor or list of one.

    es: Si entra una fila, sale un token, en un tensor o lista de uno.
    """
    columns = rng.permutation(6)[:3]
    cases = []
    for column in columns:  # one token leads so far that no draw can miss it
        logits = spaced_logits(rng, 1, 6)
        logits[0, column] += 60
        cases.append((logits, 1.0, models.generator()))
    assert_agree(student.sample, reference.sample, cases)


@pytest.mark.rests_on("test_tokens_come_as_often_as_their_probability_says")
def test_the_generator_alone_decides(student, rng, models):
    """The same generator draws the same tokens and moves on, another one draws others, and torch's own is not used.

    es: El mismo generador saca los mismos tokens y avanza, otro saca otros, y el de torch no se usa.
    """
    logits, generator = many_rows(rng)[0][:60], models.generator()
    # Another way to call is another call: torch's global generator begins elsewhere.
    first = student.sample(logits, 2.0, generator)
    used_global, moved = "rng" in student.last.changed, "generator.state" in student.last.changed
    again = student.sample(logits, temperature=2.0, generator=generator)
    other = student.sample(logits, 2.0, models.generator())
    first, again, other = (drawn_ids(got, 60) for got in (first, again, other))
    assert_same(again, first)
    assert_that(
        (first != other).any(),
        "Two different generators gave the same 60 tokens.",
        "Dos generadores distintos dieron los mismos 60 tokens.",
    )
    assert_that(
        not used_global,
        "The state of torch's global generator changed.",
        "Cambió el estado del generador global de torch.",
    )
    assert_that(
        moved,
        "The generator stayed where it was: the next call would draw the same tokens again.",
        "El generador se quedó donde estaba: la próxima llamada sacaría otra vez los mismos tokens.",
    )


@pytest.mark.rests_on("test_top_k_and_temperature_work_together")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng):
    """The logits are left as they were.

    es: Los logits quedan como estaban.
    """
    for temperature, top_k in ((0.5, None), (2.0, 3), (1.0, 2)):
        assert_agree(student.distribution, reference.distribution, [(spaced_logits(rng, 4, 6), temperature, top_k)])
        assert_unchanged(student)
