"""Between student objects and the line: what a function returns, and what it is handed."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from transformers import BatchEncoding, DistilBertConfig
from transformers.modeling_outputs import SequenceClassifierOutput

from grader import wire
from grader.worker.values import to_objects, to_plain


@dataclass
class Entity:
    text: str
    score: torch.Tensor


Span = namedtuple("Span", "start end")


def returned(value):
    """Return what the judge gets for `value`."""
    frame = wire.encode(to_plain(value))
    _, size, _ = wire.HEADER.unpack(frame[: wire.HEADER.size])
    return wire.decode(frame[wire.HEADER.size : wire.HEADER.size + size], frame[wire.HEADER.size + size :])


@pytest.mark.parametrize("dtype", list(wire.DTYPES))
def test_a_tensor_of_each_dtype_arrives_with_its_numbers(dtype):
    tensor = torch.tensor([[0, 1], [1, 0]]).to(getattr(torch, dtype))
    array = returned(tensor)
    np.testing.assert_array_equal(array.astype("float64"), [[0, 1], [1, 0]])
    assert array.dtype.name == ("float32" if dtype == "bfloat16" else dtype)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5), (np.int64(3), 3), (np.bool_(True), True), (torch.Size([2, 3]), (2, 3)), (range(3), [0, 1, 2]),
        (BatchEncoding({"input_ids": [1, 2]}), wire.Record("BatchEncoding", {"input_ids": [1, 2]})),
        (torch.device("meta"), "meta"), (torch.bfloat16, "torch.bfloat16"),
        (Span(1, 2), wire.Record("Span", {"start": 1, "end": 2})),
        (torch.nn.Linear, wire.Named("torch.nn.modules.linear.Linear")),
        ((x for x in "ab"), wire.Opaque("builtins.generator")), ({1, 2}, {1, 2}), (True, True), (None, None),
    ],
)  # fmt: skip
def test_what_students_return_arrives_as_plain_data(value, expected):
    assert returned(value) == expected


def test_a_dataclass_arrives_as_its_fields():
    record = returned([Entity("Ana", torch.tensor(0.5))])[0]
    assert record.fields["text"] == "Ana"
    assert record.fields["score"].item() == 0.5


def test_a_model_output_arrives_by_name():
    assert returned(SequenceClassifierOutput(logits=torch.zeros(1, 2)))["logits"].shape == (1, 2)


def test_a_tensor_with_gradients_or_strides_arrives():
    tensor = torch.arange(6.0, requires_grad=True).reshape(2, 3).t()
    np.testing.assert_array_equal(returned(tensor), [[0, 3], [1, 4], [2, 5]])


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(2, 2).to_sparse(),
        torch.zeros(2, device="meta"),
        torch.zeros(2, dtype=torch.complex64),
        torch.nn.Linear(1, 1),
    ],
)
def test_what_has_no_numbers_arrives_as_its_type_name(value):
    assert type(returned(value)) is wire.Opaque


@pytest.mark.parametrize("value", [torch.zeros(1).expand(10**10), np.broadcast_to(np.zeros(1), (10**10,))])
def test_ten_gigabytes_are_refused_before_they_are_copied(value):
    with pytest.raises(wire.TooLarge, match="bytes"):
        to_plain(value)


def test_a_structure_that_contains_itself_is_refused():
    value: dict = {}
    value["self"] = value
    with pytest.raises(wire.TooLarge, match="depth"):
        to_plain(value)


def test_a_list_without_end_is_refused():
    class Endless(list):
        def __iter__(self):
            while True:
                yield 0

    with pytest.raises(wire.TooLarge, match="nodes"):
        to_plain(Endless())


def test_a_subclass_that_lies_arrives_as_what_it_holds():
    class Liar(str):
        def __str__(self):
            return "right"

        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    arrived = returned([Liar("wrong")])[0]
    assert type(arrived) is str
    assert arrived == "wrong"


def test_arrays_are_handed_over_as_tensors_of_their_own():
    array = np.zeros((2, 3), dtype="float32")
    handed = to_objects({"x": [array], "y": ("text", 1)}, make=lambda made: made)
    handed["x"][0].add_(1)
    assert handed["y"] == ("text", 1)
    assert handed["x"][0].dtype == torch.float32
    assert array.sum() == 0


def test_objects_are_made_by_the_worker():
    made = wire.Made("twin", {"name": "gpt2"})
    assert to_objects([made], make=lambda made: made.maker) == ["twin"]


def test_a_config_arrives_as_its_public_values_whatever_the_version_of_transformers():
    config = DistilBertConfig(id2label={0: "sí", 1: "no"}, dim=32)
    config._name_or_path = "where it was loaded from"
    record = returned(config)
    assert record.name == "DistilBertConfig"
    assert record.fields["id2label"] == {0: "sí", 1: "no"}
    assert (record.fields["dim"], record.fields["num_labels"]) == (32, 2)
    assert "_name_or_path" not in record.fields
