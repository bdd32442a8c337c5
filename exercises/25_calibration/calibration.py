"""Calibration: find out whether a classifier's confidence can be believed, and mend it with one temperature."""

from __future__ import annotations

from jaxtyping import Float, Int
from torch import Tensor


def negative_log_likelihood(
    logits: Float[Tensor, "batch labels"], targets: Int[Tensor, " batch"], temperature: float
) -> float:
    """Return how badly the probabilities at `temperature` predict `targets`: the mean of -log(probability).

    The probabilities of a row are the softmax of its logits divided by `temperature`; of each row counts the one of its
    target, the id of its right label.

    Shapes:  one target per row; the result is one number.
    Units:   nats (natural logarithm), 0 or more; finite also for logits of ±1000.
    Errors:  none; `temperature` is above 0.
    Effects: none; the inputs are left unchanged.
    Source:  Guo et al. 2017, section 2 (https://arxiv.org/abs/1706.04599)
    """
    # TODO 1: the logarithms of the probabilities of each row (about 1 line).
    raise NotImplementedError("TODO 1")
    # TODO 2: of each row the one of its target, and the mean (about 2 lines).
    raise NotImplementedError("TODO 2")


def fit_temperature(logits: Float[Tensor, "batch labels"], targets: Int[Tensor, " batch"]) -> float:
    """Return the temperature from 0.05 to 20 at which the negative log-likelihood of `targets` is smallest.

    From 0.05 to 20 the negative log-likelihood first falls and then rises: there is one smallest value. A temperature
    within 2% of it is right, however you find it. Above 1 the classifier was too sure of itself, below 1 not sure
    enough.

    Shapes:  one target per row; the result is one number.
    Errors:  none.
    Effects: none; the inputs are left unchanged.
    Source:  Guo et al. 2017, section 4.2, temperature scaling (https://arxiv.org/abs/1706.04599)
    """
    low, high = 0.05, 20.0
    while high / low > 1.001:
        # TODO 3: two temperatures that cut the interval from low to high into three (about 2 lines).
        raise NotImplementedError("TODO 3")
        # TODO 4: compare them, and leave out the third that the smallest value cannot lie in (about 4 lines).
        raise NotImplementedError("TODO 4")
    return (low * high) ** 0.5


def expected_calibration_error(
    probabilities: Float[Tensor, "batch labels"], targets: Int[Tensor, " batch"], bins: int = 10
) -> float:
    """Return how far confidence and accuracy lie apart, on average over the rows.

    The confidence of a row is its largest probability; it is right where that label is its target. The rows are put
    into `bins` bins of equal width by their confidence: bin i of 0, 1, … holds those above i / `bins` and up to
    (i + 1) / `bins`. So a confidence on a border belongs to the lower bin, and 1.0 to the last. In each bin, accuracy
    is the share of rows that are right, and the gap is |accuracy - mean confidence|. The result is the mean of the
    gaps, where each bin counts with its share of the rows; an empty bin counts nothing.

    Shapes:  one target per row; the result is one number.
    Units:   from 0 (calibrated) to 1.
    Errors:  none; each row of `probabilities` sums to 1.
    Effects: none; the inputs are left unchanged.
    Source:  Guo et al. 2017, section 2 (https://arxiv.org/abs/1706.04599)
    """
    # TODO 5: the confidence of each row, and whether it is right (about 2 lines).
    raise NotImplementedError("TODO 5")
    # TODO 6: the bin of each row, from 0 to bins - 1 (about 1 line; mind the borders).
    raise NotImplementedError("TODO 6")
    # TODO 7: the gap of each bin that is not empty, by its share of the rows (about 5 lines).
    raise NotImplementedError("TODO 7")
