"""Public checks of 25_calibration: what a right answer does, on inputs that you can read."""

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"


def test_the_loss_is_the_mean_of_minus_log_probability(student):
    """Probabilities 0.8 and 0.5 of the right labels: the mean of 0.2231 and 0.6931."""
    logits = torch.tensor([[0.8, 0.2], [0.5, 0.5]]).log()
    assert float(student.negative_log_likelihood(logits, torch.tensor([0, 1]), 1.0)) == pytest.approx(0.4581, abs=1e-3)
    assert float(student.negative_log_likelihood(logits, torch.tensor([1, 1]), 1.0)) == pytest.approx(1.1513, abs=1e-3)


def test_a_classifier_that_is_too_sure_needs_a_temperature_above_1(student):
    """Logits of 4 promise 0.98, but 3 of 4 rows are right: at 4 / log(3) the promise is 0.75."""
    logits, targets = torch.tensor([[4.0, 0.0]] * 4), torch.tensor([0, 0, 0, 1])
    assert float(student.fit_temperature(logits, targets)) == pytest.approx(3.641, rel=0.02)
    assert float(student.fit_temperature(logits / 8, targets)) == pytest.approx(0.4551, rel=0.02)


def test_bins_count_by_their_share_of_the_rows(student):
    """Three rows at 0.9 of which two are right, one row at 0.6 that is right: 3/4 of 0.2333 and 1/4 of 0.4."""
    probabilities = torch.tensor([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.6, 0.4]])
    error = student.expected_calibration_error(probabilities, torch.tensor([0, 1, 1, 0]))
    assert float(error) == pytest.approx(0.275, abs=1e-3)


def test_a_confidence_of_1_is_in_the_last_bin(student):
    """Two rows at 1.0, one of them right: the gap is 0.5."""
    probabilities = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert float(student.expected_calibration_error(probabilities, torch.tensor([0, 0]))) == pytest.approx(0.5)
    assert float(student.expected_calibration_error(probabilities, torch.tensor([1, 0]))) == pytest.approx(1.0)


def test_the_temperature_of_the_lesson_s_classifier(student):
    """The temperature that fits is better than its neighbours, and than leaving the logits alone."""
    tokenizer = AutoTokenizer.from_pretrained(SST2)
    model = AutoModelForSequenceClassification.from_pretrained(SST2).eval()
    texts = ["I love this movie!", "The plot is dull.", "A wonderful day.", "The soup is cold and late."]
    with torch.no_grad():
        logits = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    targets = logits.argmax(-1)
    targets[0] = 1 - targets[0]  # one of the four is wrong
    best = float(student.fit_temperature(logits, targets))
    losses = [float(student.negative_log_likelihood(logits, targets, t)) for t in (best, 1.0, best * 0.9, best * 1.1)]
    assert losses[0] <= min(losses[1:]) + 1e-4
