"""Public checks of 10_fill_mask: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

NAMES = ["bert-base-uncased", "xlm-roberta-base"]


@pytest.fixture
def pairs():
    """A model with its tokenizer, for each of two checkpoints."""
    return [(AutoModelForMaskedLM.from_pretrained(name), AutoTokenizer.from_pretrained(name)) for name in NAMES]


def test_the_probabilities_stand_at_the_mask(student, pairs):
    """One mask gives one row, the softmax of the model's logits at the place of the mask."""
    (best,) = student.fill(*pairs[0], "Paris is the [MASK] of France.", k=1)
    assert best[0][0] == "capital"
    for model, tokenizer in pairs:
        encoded = tokenizer(f"{tokenizer.mask_token} is the capital of Spain.", return_tensors="pt")
        assert encoded["input_ids"][0, 1] == tokenizer.mask_token_id  # the mask comes first, behind [CLS] or <s>
        with torch.no_grad():
            expected = model(**encoded).logits[:, 1].softmax(dim=-1)
        found = student.mask_probabilities(model, tokenizer, f"{tokenizer.mask_token} is the capital of Spain.")
        torch.testing.assert_close(torch.as_tensor(found), expected, rtol=1e-4, atol=1e-5)


def test_each_mask_gets_a_list(student, pairs):
    """As many lists as masks, none without a mask; in each k pairs, the likeliest first."""
    for model, tokenizer in pairs:
        mask = tokenizer.mask_token
        for text, masks in ((f"{mask} is the {mask} of Spain.", 2), (f"Madrid is in {mask}.", 1), ("Madrid", 0)):
            found = student.fill(model, tokenizer, text, k=4)
            assert len(found) == masks
            for best in found:
                scores = [float(score) for _, score in best]
                assert len(best) == 4
                assert scores == sorted(scores, reverse=True)


def test_the_tokens_come_from_the_vocabulary_with_their_probabilities(student, pairs):
    """Each token of `fill` is an entry of the vocabulary, and `probability_of` gives it the same probability."""
    for model, tokenizer in pairs:
        text = f"Paris is the {tokenizer.mask_token} of France."
        for token, score in student.fill(model, tokenizer, text)[0]:
            assert token in tokenizer.get_vocab()
            assert float(student.probability_of(model, tokenizer, text, token)) == pytest.approx(float(score), abs=1e-5)


def test_what_has_no_probability_is_an_error(student, pairs):
    """A word that the vocabulary lacks, no mask, two masks: ValueError."""
    for model, tokenizer in pairs:
        mask = tokenizer.mask_token
        known = tokenizer.convert_ids_to_tokens(200)
        for text, word in ((mask, "blorptastic"), ("Madrid", known), (f"{mask} and {mask}", known)):
            with pytest.raises(ValueError):
                student.probability_of(model, tokenizer, text, word)
