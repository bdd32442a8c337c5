"""Public checks of 14_temperature_sampling: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

LOGITS = torch.tensor([[1.0, 3.0, 2.0, 0.0], [0.5, -1.0, 0.0, 2.5]])


def test_the_temperature_flattens_or_sharpens(student):
    """At 0.5 the likeliest token gets more than at 1, at 2 it gets less."""
    for temperature, expected in (
        (0.5, [[0.0159, 0.8650, 0.1171, 0.0022], [0.0179, 0.0009, 0.0066, 0.9747]]),
        (1.0, [[0.0871, 0.6439, 0.2369, 0.0321], [0.1085, 0.0242, 0.0658, 0.8015]]),
        (2.0, [[0.1674, 0.4551, 0.2760, 0.1015], [0.2012, 0.0951, 0.1567, 0.5470]]),
    ):
        result = torch.as_tensor(student.distribution(LOGITS, temperature))
        assert result.tolist() == [pytest.approx(row, abs=1e-3) for row in expected]


def test_top_k_leaves_k_tokens_of_each_row(student):
    """The other tokens have probability 0, and those that are left sum to 1."""
    result = torch.as_tensor(student.distribution(LOGITS, 1.0, 2))
    assert result.tolist() == [
        pytest.approx([0.0, 0.7311, 0.2689, 0.0], abs=1e-3),
        pytest.approx([0.1192, 0.0, 0.0, 0.8808], abs=1e-3),
    ]


def test_a_temperature_of_zero_is_an_error(student):
    """Nothing can be divided by 0; always the likeliest token is another function."""
    for temperature in (0.0, -1.0):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is yours
            student.distribution(LOGITS, temperature)


def test_tokens_come_as_often_as_their_probability_says(student):
    """Of 2000 draws, about 644 are the token with probability 0.644."""
    rows = LOGITS[:1].expand(2000, 4)
    drawn = torch.as_tensor(student.sample(rows, 1.0, torch.Generator().manual_seed(0)))
    assert drawn.shape == (2000,)
    assert (drawn.bincount(minlength=4) / 2000).tolist() == pytest.approx([0.087, 0.644, 0.237, 0.032], abs=0.05)


def test_the_same_seed_draws_the_same_tokens_of_the_lesson(student):
    """The temperature of the lesson: what follows its prompt is drawn again with the same seed."""
    model, tokenizer = AutoModelForCausalLM.from_pretrained("gpt2"), AutoTokenizer.from_pretrained("gpt2")
    inputs = tokenizer("Artificial intelligence is", return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits[:, -1].expand(8, -1)
    first, again, other = (
        torch.as_tensor(student.sample(logits, 0.7, torch.Generator().manual_seed(seed), top_k=50)).tolist()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert set(first + other) <= set(logits[0].topk(50).indices.tolist())
