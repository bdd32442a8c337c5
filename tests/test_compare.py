"""When two results are the same: a right answer in any form passes, and the first difference is told as a fact."""

import tracemalloc

import numpy as np
import pytest

from grader.judge.compare import Tolerance, difference, gap
from grader.judge.facts import clean, form, show
from grader.judge.suite import Unearned, assert_that, listed
from grader.wire import Opaque, Record

TENSOR = np.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32")


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (TENSOR.astype("float64"), TENSOR), (TENSOR + 1e-6, TENSOR), (TENSOR.tolist(), TENSOR), ((1.0, 2.0), TENSOR[0]),
        ([TENSOR[0], TENSOR[1]], TENSOR), (np.float64(1) * np.array(0.5), 0.5), (np.array(3), 3), (np.array(True), True),
        (1, 1.0), ([1, 2], (1, 2)), ((1, 2), [1, 2]), (np.array([1, 2]), [1, 2]), (np.array([[1, 2]]), [(1, 2)]),
        ({"a": 1, "more": 2}, {"a": 1}), (Record("R", {"a": 1}), {"a": 1}), ((1, "x"), {"a": 1, "b": "x"}),
        (Record("R", {"a": 1, "b": "x"}), (1, "x")), ({"a": 1, "b": "x"}, (1, "x")), (None, None), ("x", "x"),
        (np.array([np.nan]), np.array([np.nan])), (np.array([np.inf]), np.array([np.inf])),
        (np.array([1, 2], dtype="int32"), np.array([1, 2])),
    ],
)  # fmt: skip
def test_a_right_answer_in_another_form_is_the_same(got, expected):
    assert difference(got, expected) is None


@pytest.mark.parametrize(
    ("got", "expected", "kind"),
    [
        (None, TENSOR, "wrong_type"), ("x", TENSOR, "wrong_type"), (Opaque("x"), TENSOR, "wrong_type"), (1.0, TENSOR, "wrong_shape"),
        (TENSOR[0], TENSOR, "wrong_shape"), (TENSOR.astype("int64"), TENSOR, "wrong_type"), ([[1.0], [1.0, 2.0]], TENSOR, "wrong_type"),
        (TENSOR + 1e-3, TENSOR, "wrong_numbers"), (TENSOR * np.nan, TENSOR, "not_finite"), (TENSOR * np.inf, TENSOR, "not_finite"),
        (True, 1, "wrong_type"), (1, True, "wrong_type"), (1.0, 1, "wrong_type"), (2, 1, "wrong_value"), ("y", "x", "wrong_value"),
        (np.array([1, 3]), np.array([1, 2]), "wrong_value"), ([1], [1, 2], "wrong_length"), (1, [1], "wrong_type"),
        ({}, {"a": 1}, "missing_field"), ({"a": 2}, {"a": 1}, "wrong_value"), ([{"a": 1.5}], [{"a": 1.0}], "wrong_numbers"),
        (0, None, "wrong_type"), (TENSOR, 1.0, "wrong_type"), (np.array([1.0]), 1.0, "wrong_type"),
        (np.zeros((0,)), np.zeros((1,)), "wrong_shape"), (1.0, np.zeros((2,)), "wrong_shape"),
    ],
)  # fmt: skip
def test_a_wrong_answer_differs_by_the_first_fact(got, expected, kind):
    assert difference(got, expected).kind == kind


def test_a_list_of_texts_is_never_made_an_array():
    """Numpy gives each text of an array the room of the longest: here 4 GB, and the judge has to live."""
    long = ["x" * 2**20] + [""] * 1000
    tracemalloc.start()
    try:
        assert difference(long, np.zeros(1001)).kind == "wrong_type"
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


def test_numbers_are_not_broadcast():
    assert difference(np.ones((1,)), np.ones((3,))) is not None


def test_the_fact_names_the_place_and_the_gap():
    fact = difference([{"score": 0.5}, {"score": 0.25}], [{"score": 0.5}, {"score": 0.75}])
    assert fact.sentence("en", "gap") == "The numbers are wrong. got: 0.25 at [1]['score']; off by up to 0.5"
    assert fact.sentence("es", "full").endswith("esperado: 0.75")
    assert fact.sentence("en", "category") == "The numbers are wrong."
    assert fact.sentence("en", "none") == ""


def test_an_expected_object_is_told_by_its_name_and_not_as_the_dict_of_its_parts():
    fact = difference(None, Record("BatchEncoding", {"input_ids": np.array([1, 2])}))
    assert fact.sentence("en", "gap").endswith("got: None; expected: BatchEncoding")


def test_a_result_that_is_one_number_has_no_place():
    assert difference(0.25, 0.75).sentence("en", "gap") == "The numbers are wrong. got: 0.25; off by up to 0.5"
    assert difference(float("nan"), 0.75).sentence("es", "gap").endswith("recibido: nan")


def test_a_wrong_part_is_told_by_its_place():
    scores, ids = TENSOR, TENSOR.astype("int64")
    kind, shape = difference((ids, scores), (scores, ids)), difference((scores, ids[0]), (scores, ids))
    assert (
        kind.about((ids, scores))
        .sentence("en", "gap")
        .endswith("got: Tensor int64 (2, 2) at [0]; expected: Tensor float32 (2, 2)")
    )
    assert (
        shape.about((scores, ids[0]))
        .sentence("es", "gap")
        .endswith("recibido: Tensor int64 (2,) en [1]; esperado: Tensor int64 (2, 2)")
    )
    large = np.arange(6).reshape(2, 3)
    assert (
        difference((scores, large + 7), (scores, large))
        .about((scores, large + 7))
        .sentence("en", "gap")
        .endswith("got: 7 at [1][0, 0]")
    )


def test_the_gap_between_results_is_the_largest_of_their_numbers():
    assert gap([1.0, {"a": np.array([1.0, 2.0])}], [1.0, {"a": np.array([1.5, 2.25])}]) == pytest.approx(1 / 3)
    assert gap([1, "x"], [1, "x"]) == 0
    assert gap([1, "x"], [2, "x"]) == np.inf
    assert gap(np.zeros(2), np.zeros(3)) == np.inf


def test_a_tolerance_is_relative_and_absolute():
    assert difference(1000.05, 1000.0) is None
    assert difference(1000.05, 1000.0, Tolerance(1e-6, 1e-6)) is not None


@pytest.mark.parametrize(
    "text", ["a\x1b[31mb", "a\nb", "a\r\n::error::b", "a\u202eb", "a\x00b", "a\u2028b", "a\ud800b"]
)
def test_student_text_is_one_line_without_control_characters(text):
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert cleaned.startswith("a")


def test_long_text_is_cut():
    assert len(clean("x" * 10_000)) == 160
    assert len(show(["x" * 1000] * 100)) < 400


def doubled(levels):
    """Return a tree of lists of two whose leaves are texts: 2 ** levels of them."""
    value = "a text of some length that stands for others"
    for _ in range(levels):
        value = [value, value]
    return value


def test_a_deep_value_is_shown_as_briefly_as_a_flat_one():
    assert len(show(doubled(14))) < 1000
    assert len(show({"a": doubled(14)})) < 1000
    assert len(form(doubled(14))) <= 120


def test_values_are_shown_with_four_digits_and_four_items():
    assert show(1 / 3) == "0.3333"
    assert show([1, 2, 3, 4, 5, 6]) == "[1, 2, 3, 4, …]"
    assert show(np.zeros((10, 3), dtype="float32")) == "Tensor float32 (10, 3)"


def test_an_array_of_many_rows_is_told_without_a_list_of_them():
    rows = np.zeros((2**24, 1), dtype=np.uint8)
    fact = difference(rows, [1, 2])
    assert fact.values["count"] == 2**24
    assert fact.values["got"] == "Tensor uint8 (16777216, 1)"
    assert show(np.zeros((3, 0))) == "Tensor float64 (3, 0)"


def test_no_fact_brings_more_than_a_line_into_a_report():
    """Whatever a suite puts into its sentence: names of files are the student's own choice."""
    name = "a\n::error x\x1b[2J\u202e" + "n" * 5000
    with pytest.raises(Unearned) as caught:
        assert_that(False, en=f"these files are there: {name}", es=f"contiene: {name}", got=name)
    for language in ("en", "es"):
        sentence = caught.value.fact.sentence(language, "gap")
        assert sentence.isprintable()
        assert len(sentence) < 700


def test_names_of_a_students_are_listed_short_and_not_all():
    assert listed(["config.json", "a\nb\x1b[2J", "\u200b"]) == "config.json, a b [2J, —"
    assert listed(["n" * 500] * 100) == ", ".join(["n" * 39 + "…"] * 10 + ["…"])
