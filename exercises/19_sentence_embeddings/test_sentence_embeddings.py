"""Public checks of 19_sentence_embeddings: what a right answer does, on inputs that you can read."""

import torch
from transformers import AutoModel, AutoTokenizer

CHECKPOINT = "bert-base-uncased"


def test_padding_does_not_count(student):
    """The mean is over the tokens whose mask is 1; a row without any gives zeros."""
    hidden = torch.tensor([[[1.0, 2.0], [3.0, 6.0], [9.0, 9.0]], [[4.0, 4.0], [4.0, 4.0], [4.0, 4.0]]])
    mask = torch.tensor([[1, 1, 0], [0, 0, 0]])
    pooled = torch.as_tensor(student.mean_pool(hidden, mask), dtype=torch.float32)
    torch.testing.assert_close(pooled, torch.tensor([[2.0, 4.0], [0.0, 0.0]]))


def test_one_vector_per_text(student):
    """`embed` gives each text one vector of the model's hidden size."""
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    model = AutoModel.from_pretrained(CHECKPOINT)
    vectors = student.embed(model, tokenizer, ["I love this movie!", "The soup needs a little more salt."])
    assert len(vectors) == 2
    assert len(vectors[0]) == model.config.hidden_size


def test_alone_and_in_a_batch(student):
    """A short text has the same vector alone and in a batch with a longer one."""
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    model = AutoModel.from_pretrained(CHECKPOINT)
    short, long = "What a wonderful day!", "We watched the whole series in one weekend."
    alone = torch.as_tensor(student.embed(model, tokenizer, [short])[0])
    together = torch.as_tensor(student.embed(model, tokenizer, [short, long])[0])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_every_row_with_every_row(student):
    """`similarity` compares each row of `a` with each row of `b`, whatever their lengths."""
    a = torch.tensor([[3.0, 0.0], [0.0, 100.0]])
    b = torch.tensor([[1.0, 0.0], [0.0, 7.0], [-2.0, 0.0]])
    table = torch.as_tensor(student.similarity(a, b), dtype=torch.float32)
    torch.testing.assert_close(table, torch.tensor([[1.0, 0.0, -1.0], [0.0, 1.0, 0.0]]))


def test_direction_counts_not_length(student):
    """`most_similar` chooses the candidate that points the same way, not the longest."""
    queries = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    candidates = torch.tensor([[0.1, 2.0], [2.0, 0.1], [50.0, 50.0]])
    assert [int(index) for index in student.most_similar(queries, candidates)] == [1, 0]
