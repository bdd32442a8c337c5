"""Public checks of 06_token_labels: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

TEXT = "Steve Jobs founded Apple in California"
LOGITS = torch.tensor([[[0.0, 2.0, 1.0], [3.0, 2.5, -1.0], [-2.0, -1.0, 4.0], [1.0, 0.0, -1.0]]])


@pytest.fixture
def tagger():
    name = "dslim/bert-base-NER"
    return AutoModelForTokenClassification.from_pretrained(name), AutoTokenizer.from_pretrained(name)


def test_each_token_has_its_likeliest_label(student):
    """Four tokens, three labels: one probability and one label id for each token."""
    scores, ids = student.likeliest(LOGITS)
    assert torch.as_tensor(ids).tolist() == [[1, 0, 2, 0]]
    assert torch.as_tensor(scores).tolist() == [pytest.approx([0.6652, 0.6154, 0.9909, 0.6652], abs=1e-4)]


def test_a_tag_is_a_token_a_label_of_the_model_and_a_probability(student, tagger):
    """Tagged are the names of the lesson's sentence: Steve Jobs (PER), Apple (ORG), California (LOC), piece by piece."""
    model, tokenizer = tagger
    (tagged,) = student.tag(model, tokenizer, [TEXT])
    remaining = iter(tokenizer.tokenize(TEXT))
    for token, label, score in tagged:
        assert token in remaining, f"{token} is not a token of the text, or not in order"
        assert label in set(model.config.id2label.values()) - {"O"}
        assert 0 < score <= 1
    assert "".join(token.removeprefix("##") for token, _, _ in tagged) == "SteveJobsAppleCalifornia"
    assert {label.partition("-")[2] for _, label, _ in tagged} == {"PER", "ORG", "LOC"}


def test_a_model_that_never_says_o_tags_every_token_of_the_text(student, tagger):
    """Without O every token of the text is tagged, and nothing else: not [CLS], not [SEP], not padding."""
    model, tokenizer = tagger
    model.classifier.bias.data[model.config.label2id["O"]] = -100
    texts = [TEXT, "Madrid, Madrid", ""]
    for text, tagged in zip(texts, student.tag(model, tokenizer, texts), strict=True):
        assert [token for token, label, score in tagged] == tokenizer.tokenize(text)


def test_tagging_together_is_tagging_one_by_one(student, tagger):
    """The other texts of the batch change nothing."""
    model, tokenizer = tagger
    texts = [TEXT, "The capital of Spain is Madrid and the capital of Peru is Lima.", "Paris"]
    for text, together in zip(texts, student.tag(model, tokenizer, texts), strict=True):
        (alone,) = student.tag(model, tokenizer, [text])
        assert [tag[:2] for tag in together] == [tag[:2] for tag in alone]
        assert [tag[2] for tag in together] == pytest.approx([tag[2] for tag in alone], abs=1e-4)
