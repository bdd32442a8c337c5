"""Hidden checks of 04_softmax_predictions.

Rows of logits are uneven and never square, labels are named out of order, and every check has two inputs at least.
"""

from __future__ import annotations


import numpy as np
import pytest

from grader.judge.draws import sentences, uneven_logits
from grader.judge.suite import assert_same, assert_unchanged

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
ORDERS = [{0: "NEU", 1: "POS", 2: "NEG"}, {0: "POS", 1: "NEG", 2: "NEU"}]


def classify(models, rng, labels, count=4, train=False):
    """Return (model, tokenizer, texts): a planted classifier that knows `count` texts, no two likeliest labels in turn."""
    tokenizer = models.tokenizer(SST2)
    texts = sentences(rng, count)
    rows = uneven_logits(rng, count, len(labels))
    return models.classifier(tokenizer, dict(zip(texts, rows, strict=True)), labels, train), tokenizer, texts


def test_labels_of_a_row_compete(student, reference, rng):
    """The probabilities of a row are a softmax over its labels.

    es: Las probabilidades de una fila son un softmax sobre sus etiquetas.
    """
    for rows, labels in ((4, 3), (2, 5)):
        logits = uneven_logits(rng, rows, labels)
        assert_same(student.probabilities(logits), reference.probabilities(logits))


def test_labels_stand_alone_when_there_are_several(student, reference, rng):
    """With several labels per text, each probability depends on its own logit only.

    es: Con varias etiquetas por texto, cada probabilidad depende solo de su propio logit.
    """
    for rows, labels in ((4, 3), (2, 5)):
        logits = uneven_logits(rng, rows, labels)
        assert_same(student.probabilities(logits, multi_label=True), reference.probabilities(logits, multi_label=True))


@pytest.mark.rests_on("test_labels_of_a_row_compete")
def test_large_logits_stay_finite(student, reference, rng):
    """Logits of ±1000 give finite probabilities.

    es: Logits de ±1000 dan probabilidades finitas.
    """
    for shift in (1000, -1000):
        logits = uneven_logits(rng, 3, 4) + np.float32(shift)
        assert_same(student.probabilities(logits), reference.probabilities(logits), absolute=1e-4)


@pytest.mark.rests_on("test_labels_of_a_row_compete")
def test_a_batch_of_one_keeps_its_shape(student, reference, rng):
    """One row in, one row out.

    es: Si entra una fila, sale una fila.
    """
    for labels in (3, 6):
        logits = uneven_logits(rng, 1, labels)
        assert_same(student.probabilities(logits), reference.probabilities(logits))


def test_labels_have_the_names_of_the_config(student, reference, rng, models):
    """Each text gets its likeliest label, by the name in the model's id2label.

    es: Cada texto recibe su etiqueta más probable, con el nombre de id2label del modelo.
    """
    for labels in ORDERS:
        case = classify(models, rng, labels)
        got, expected = student.predict(*case), reference.predict(*case)
        assert_same(got, [{"label": row["label"]} for row in expected])


@pytest.mark.rests_on("test_labels_have_the_names_of_the_config")
def test_scores_are_the_probabilities_of_the_labels(student, reference, rng, models):
    """The score is the probability of the label that is named.

    es: El score es la probabilidad de la etiqueta nombrada.
    """
    for labels in ORDERS:
        case = classify(models, rng, labels, count=5)
        assert_same(student.predict(*case), reference.predict(*case))


@pytest.mark.rests_on("test_labels_have_the_names_of_the_config")
def test_one_text_is_a_list_of_one(student, reference, rng, models):
    """A single text gives a list with a single prediction.

    es: Un solo texto da una lista con una sola predicción.
    """
    for labels in ORDERS:
        case = classify(models, rng, labels, count=1)
        assert_same(student.predict(*case), reference.predict(*case))


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_a_model_in_training_mode_predicts_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    for labels in ORDERS:
        case = classify(models, rng, labels, count=5, train=True)
        assert_same(student.predict(*case), reference.predict(*case))


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_texts_of_uneven_length_are_padded_and_masked(student, reference, rng, models):
    """Padding a short text changes none of its numbers.

    es: Rellenar un texto corto no cambia ninguno de sus números.
    """
    for count in (3, 4):
        model, tokenizer, texts = classify(models, rng, ORDERS[0], count)
        texts = sorted(texts, key=len)
        together = student.predict(model, tokenizer, texts)
        assert_same(together, reference.predict(model, tokenizer, texts))
        assert_same(together, [student.predict(model, tokenizer, [text])[0] for text in texts])


def test_a_single_label_meets_the_threshold(student, reference, rng, models):
    """With one label, its own probability is compared with the threshold.

    es: Con una sola etiqueta, su propia probabilidad se compara con el umbral.
    """
    tokenizer, texts = models.tokenizer(SST2), sentences(rng, 6)
    rows = np.array([[-2.2], [-0.5], [0.25], [0.5], [0.7], [2.5]], dtype=np.float32) + rng.uniform(-0.1, 0.1)
    model = models.classifier(tokenizer, dict(zip(texts, rows.astype(np.float32), strict=True)), {0: "SPAM"})
    for threshold in (0.5, 0.65, 0.3):
        order = list(rng.permutation(texts))
        case = (model, tokenizer, [str(text) for text in order], threshold)
        assert_same(student.predict(*case), reference.predict(*case))


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """Logits, weights and config are left as they were.

    es: Los logits, los pesos y la config quedan como estaban.
    """
    for logits in (uneven_logits(rng, 4, 3), uneven_logits(rng, 2, 3)):
        for multi_label in (False, True):
            assert_same(student.probabilities(logits, multi_label), reference.probabilities(logits, multi_label))
            assert_unchanged(student)
    case = classify(models, rng, ORDERS[1])
    assert_same(student.predict(*case), reference.predict(*case))
    assert_unchanged(student)
