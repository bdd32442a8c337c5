"""Hidden checks of 25_calibration.

Logits are drawn with targets that follow from them at a known temperature, so that the fit lies well inside its range.
Probabilities for the calibration error are planted row by row: confidence, right or wrong, in a drawn order.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.compare import as_array
from grader.judge.suite import assert_agree, assert_same, assert_that, assert_unchanged


def drawn_targets(rng, rows, labels, temperature):
    """Return logits (rows, labels) and targets (rows,) that follow the softmax of the logits over `temperature`."""
    true = rng.normal(scale=1.5, size=(rows, labels)) + rng.normal(scale=0.5, size=labels)
    noise = rng.gumbel(size=true.shape)
    heights = rng.uniform(-3, 3, size=(rows, 1))
    return (true * temperature + heights).astype(np.float32), (true + noise).argmax(-1)


def planted(rng, labels, bins_of_rows):
    """Return probabilities (rows, labels) and targets (rows,), shuffled.

    `bins_of_rows` lists (confidence, rows that are right, rows that are wrong). No label is more than the confidence's
    own; the likeliest label of a row is any.
    """
    rows, targets = [], []
    for confidence, right, wrong in bins_of_rows:
        for is_right in [True] * right + [False] * wrong:
            order = rng.permutation(labels)
            row = np.zeros(labels)
            rest = 1 - confidence
            first = rest if labels == 2 else rest * rng.uniform(0.55, 0.8)
            row[order[0]], row[order[1]] = confidence, first
            row[order[2:]] = (rest - first) / max(1, labels - 2)
            rows.append(row)
            targets.append(order[0] if is_right else order[-1])
    shuffled = rng.permutation(len(rows))
    return np.array(rows, dtype=np.float32)[shuffled], np.array(targets, dtype=np.int64)[shuffled]


def confidence_in(rng, bin_, bins=10):
    """Return a confidence well inside a bin, nearer to its upper border."""
    return (bin_ + rng.uniform(0.65, 0.9)) / bins


def assert_fitted(student, reference, cases):
    """Compare temperatures within 2%. An inverse is said to be one, however it was found."""
    results = [student.fit_temperature(*case) for case in cases]
    expected = [reference.fit_temperature(*case) for case in cases]
    assert_that(
        not all(is_inverse(got, right) for got, right in zip(results, expected, strict=True)),
        en="The numbers are 1 over the temperatures that fit.",
        es="Los números son 1 entre las temperaturas que ajustan.",
        got=results,
    )
    for got, right in zip(results, expected, strict=True):
        assert_same(got, right, relative=0.02)


def is_inverse(got, right):
    number = as_array(got)
    if number is None or number.ndim or number.dtype.kind not in "fi":
        return False
    return abs(float(number) * right - 1) < 0.05


def test_the_loss_is_that_of_the_targets(student, reference, rng):
    """At temperature 1 it is the mean of -log of the targets' probabilities.

    es: A temperatura 1 es la media de -log de las probabilidades de los targets.
    """
    cases = [(*drawn_targets(rng, rows, labels, 1.0), 1.0) for rows, labels in ((7, 4), (5, 3))]
    assert_agree(student.negative_log_likelihood, reference.negative_log_likelihood, cases)


@pytest.mark.rests_on("test_the_loss_is_that_of_the_targets")
def test_the_loss_depends_on_the_temperature(student, reference, rng):
    """The logits are divided by the temperature.

    es: Los logits se dividen por la temperatura.
    """
    cases = [(*drawn_targets(rng, 6, 4, 1.0), temperature) for temperature in (0.5, 3.0)]
    assert_agree(student.negative_log_likelihood, reference.negative_log_likelihood, cases)


@pytest.mark.rests_on("test_the_loss_is_that_of_the_targets")
def test_large_logits_give_a_finite_loss(student, reference, rng):
    """Logits of ±1000 give a finite loss.

    es: Logits de ±1000 dan una pérdida finita.
    """
    cases = []
    for scale in (400.0, 250.0):
        logits, _ = drawn_targets(rng, 12, 3, 1.0)
        cases.append((logits * np.float32(scale), rng.integers(3, size=12), 1.0))
    assert_agree(student.negative_log_likelihood, reference.negative_log_likelihood, cases, relative=1e-3)


def test_a_classifier_too_sure_of_itself_gets_a_temperature_above_1(student, reference, rng):
    """The temperature that fits is found where it is above 1.

    es: Se encuentra la temperatura que ajusta cuando es mayor que 1.
    """
    cases = [drawn_targets(rng, 500, labels, temperature) for labels, temperature in ((4, 3.0), (3, 5.0), (5, 1.6))]
    assert_fitted(student, reference, cases)


def test_a_classifier_not_sure_enough_gets_a_temperature_below_1(student, reference, rng):
    """The temperature that fits is found where it is below 1.

    es: Se encuentra la temperatura que ajusta cuando es menor que 1.
    """
    cases = [drawn_targets(rng, 500, labels, temperature) for labels, temperature in ((4, 0.2), (3, 0.55))]
    assert_fitted(student, reference, cases)


def test_one_bin_has_the_gap_between_confidence_and_accuracy(student, reference, rng):
    """Where all confidences lie in one bin, the error is |accuracy - mean confidence|.

    es: Si todas las confianzas caen en un intervalo, el error es |exactitud - confianza media|.
    """
    cases = []
    for labels, bin_, right, wrong in ((3, 7, 3, 9), (4, 6, 11, 1), (2, 8, 2, 8)):
        rows = [(confidence_in(rng, bin_), right // 2, wrong), (confidence_in(rng, bin_), right - right // 2, 0)]
        cases.append(planted(rng, labels, rows))
    assert_agree(student.expected_calibration_error, reference.expected_calibration_error, cases)


@pytest.mark.rests_on("test_one_bin_has_the_gap_between_confidence_and_accuracy")
def test_bins_count_by_their_share_of_the_rows(student, reference, rng):
    """A bin with more rows counts more; too sure in one bin does not make up for not sure enough in another.

    es: Un intervalo con más filas pesa más; los errores de signo contrario no se compensan.
    """
    cases = []
    for labels in (3, 4):
        low, high = confidence_in(rng, 5), confidence_in(rng, 8)
        cases.append(planted(rng, labels, [(low, 13, 7), (high, 1, 5), (confidence_in(rng, 7), 3, 0)]))
    assert_agree(student.expected_calibration_error, reference.expected_calibration_error, cases)


@pytest.mark.rests_on("test_one_bin_has_the_gap_between_confidence_and_accuracy")
def test_a_confidence_of_1_is_in_the_last_bin(student, reference, rng):
    """A row that is quite sure counts too, with those of the last bin.

    es: Una fila con confianza 1.0 cuenta también, con las del último intervalo.
    """
    cases = [planted(rng, 3, [(1.0, 3, wrong), (confidence_in(rng, 9), 4, 0)]) for wrong in (5, 2)]
    assert_agree(student.expected_calibration_error, reference.expected_calibration_error, cases)


@pytest.mark.rests_on("test_bins_count_by_their_share_of_the_rows")
def test_a_confidence_on_a_border_belongs_to_the_lower_bin(student, reference, rng):
    """A confidence of exactly 0.5 is in the bin that ends there.

    es: Una confianza de exactamente 0.5 está en el intervalo que acaba ahí.
    """
    cases = []
    for right in (1, 2):
        rows = [(0.5, right, 7), (confidence_in(rng, 4), 1, 2), (confidence_in(rng, 5), 9, 1)]
        cases.append(planted(rng, 4, rows))
    assert_agree(student.expected_calibration_error, reference.expected_calibration_error, cases)


@pytest.mark.rests_on("test_bins_count_by_their_share_of_the_rows")
def test_the_number_of_bins_can_be_chosen(student, reference, rng):
    """With more or fewer bins the same rows give another error.

    es: Con más o menos intervalos las mismas filas dan otro error.
    """
    rows = [(0.56, 6, 1), (0.63, 1, 5), (0.86, 1, 6), (0.93, 7, 1)]
    probabilities, targets = planted(rng, 4, [(c + rng.uniform(-0.02, 0.02), *counts) for c, *counts in rows])
    cases = [(probabilities, targets, bins) for bins in (1, 5, 20)]
    assert_agree(student.expected_calibration_error, reference.expected_calibration_error, cases)


@pytest.mark.rests_on("test_the_loss_depends_on_the_temperature")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng):
    """Logits, probabilities and targets are left as they were, by all three functions.

    es: Las tres funciones dejan como estaban los logits, las probabilidades y los targets.
    """
    for labels, temperature in ((3, 0.5), (4, 2.0)):
        case = (*drawn_targets(rng, 8, labels, 1.0), temperature)
        assert_agree(student.negative_log_likelihood, reference.negative_log_likelihood, [case])
        assert_unchanged(student)
        # The results of these two have checks of their own; a wrong one costs no point here.
        student.fit_temperature(*drawn_targets(rng, 60, labels, temperature))
        assert_unchanged(student)
        student.expected_calibration_error(*planted(rng, labels, [(1.0, 2, 1), (confidence_in(rng, 6), 2, 3)]))
        assert_unchanged(student)
