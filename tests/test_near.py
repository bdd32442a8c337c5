"""Results that show by themselves what is wrong with them: each is named where it is proven, and nowhere else."""

import numpy as np
import pytest

from grader.judge.compare import Tolerance, difference
from grader.judge.near import nearly
from grader.wire import Opaque

RIGHT = np.array([[0.7136, 0.1291, 0.1573], [0.0421, 0.3313, 0.6266]], dtype="float32")
SCORES = [{"label": "POS", "score": 0.91374}, {"label": "NEG", "score": 0.68211}]


def kind(got, expected):
    fact = difference(got, expected)
    assert fact is not None
    return nearly(got, expected, fact, Tolerance()).kind


def in_bfloat16(values):
    return (values.view("uint32") & np.uint32(0xFFFF0000)).view("float32")


@pytest.mark.parametrize(
    ("got", "expected", "named"),
    [
        (None, RIGHT, "returned_nothing"),
        (Opaque("builtins.generator"), SCORES, "generator"),
        ((SCORES,), SCORES, "tuple_of_one"),
        (RIGHT.round(2), RIGHT, "rounded"),
        (RIGHT.round(3), RIGHT, "rounded"),
        ([{**row, "score": round(row["score"], 2)} for row in SCORES], SCORES, "rounded"),
        (in_bfloat16(RIGHT), RIGHT, "half_precision"),
        (1000 * RIGHT.astype("float16").astype("float32"), 1000 * RIGHT, "wrong_numbers"),
        (RIGHT.astype("float16").astype("float32"), RIGHT, "half_precision"),
        (float(np.float16(0.6823)), 0.6823, "half_precision"),
    ],
)
def test_what_the_result_proves_is_named(got, expected, named):
    assert kind(got, expected) == named


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (RIGHT[::-1].copy(), RIGHT),
        (np.full_like(RIGHT, 0.5), RIGHT),
        (in_bfloat16(RIGHT[::-1].copy()), RIGHT),
        (RIGHT.round(2) + np.float32(0.01), RIGHT),
        (RIGHT + np.float32(0.002), RIGHT),
        (0.5, 0.5071),
        (1, 0.5071),
        (RIGHT.round(1).tolist(), RIGHT),
        (np.float32(3e38) * RIGHT, RIGHT),
        (np.where(RIGHT > 0.5, np.nan, RIGHT), RIGHT),
    ],
)
def test_other_wrong_numbers_are_only_wrong(got, expected):
    assert kind(got, expected) in ("wrong_numbers", "not_finite")


def test_a_tuple_of_one_wrong_value_is_a_wrong_shape_or_length():
    assert kind((RIGHT[:1],), RIGHT) in ("wrong_shape", "wrong_length")
