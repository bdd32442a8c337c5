"""Public checks of 20_spanish_and_pipelines: what a right answer does, on inputs that you can read."""

import unicodedata

import pytest
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

BETO = "dccuchile/bert-base-spanish-wwm-cased"
BNE = "PlanTL-GOB-ES/roberta-base-bne"


def test_a_snowman_is_unknown(student):
    """The text "Lima ☃" is three tokens for BETO, one of them unknown; a tokenizer of bytes knows everything."""
    tokenizer = AutoTokenizer.from_pretrained(BETO)
    pieces = len(tokenizer.tokenize("Lima"))
    assert student.unknown_rate(tokenizer, ["Lima ☃"]) == pytest.approx(1 / (pieces + 1))
    assert student.unknown_rate(tokenizer, ["Lima", "Lima ☃ Lima"]) == pytest.approx(1 / (3 * pieces + 1))
    assert student.unknown_rate(AutoTokenizer.from_pretrained(BNE), ["Lima ☃"]) == 0


def test_a_word_of_its_language_needs_fewer_tokens(student):
    """The word "niño" is one token for BETO, and three for the English BERT; "100 %;" is two words."""
    beto, english = AutoTokenizer.from_pretrained(BETO), AutoTokenizer.from_pretrained("bert-base-uncased")
    assert student.fertility(beto, ["niño", "niño niño"]) == pytest.approx(1)
    assert student.fertility(english, ["niño", "niño niño"]) == pytest.approx(3)
    assert student.fertility(beto, ["100 %;"]) == pytest.approx(len(beto.tokenize("100 %;")) / 2)


def test_both_ways_to_write_an_accent_are_accents(student):
    """The composed and the decomposed "niño" are "nino" without accents."""
    for word, bare in (("niño", "nino"), ("Pingüino", "Pinguino"), ("garçon", "garcon"), ("sol", "sol")):
        assert student.without_accents(word) == bare
        assert student.without_accents(unicodedata.normalize("NFD", word)) == bare


def test_the_english_bert_loses_accents(student):
    """The English BERT reads "niño" as "nino"; BETO tells them apart. A word without accents loses none."""
    words = ["niño", "sol", "España", "camión"]
    assert student.lost_accents(AutoTokenizer.from_pretrained("bert-base-uncased"), words) == [
        "niño",
        "España",
        "camión",
    ]
    assert student.lost_accents(AutoTokenizer.from_pretrained(BETO), words) == []


def test_the_result_is_that_of_the_pipeline(student):
    """Label and score of each text are those of the pipeline, also for a text that is much too long."""
    name = "distilbert-base-uncased-finetuned-sst-2-english"
    model, tokenizer = AutoModelForSequenceClassification.from_pretrained(name), AutoTokenizer.from_pretrained(name)
    texts = ["I love this movie!", "The movie was long, slow and boring.", "A warm and funny film. " * 200]
    expected = pipeline("text-classification", model=model, tokenizer=tokenizer)(texts, truncation=True)
    assert [one["label"] for one in expected] == ["POSITIVE", "NEGATIVE", "POSITIVE"]
    for got, right in zip(student.classify(model, tokenizer, texts), expected, strict=True):
        assert got["label"] == right["label"]
        assert float(got["score"]) == pytest.approx(right["score"], abs=1e-4)
