"""Hidden checks of 04_softmax_predictions.

Rows of logits are uneven and never square, labels are named out of order, and every check has two inputs at least.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences, uneven_logits
from grader.judge.suite import assert_agree, assert_same, assert_unchanged

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
ORDERS = [{0: "NEU", 1: "POS", 2: "NEG"}, {0: "POS", 1: "NEG", 2: "NEU"}]


def classify(models, rng, labels, count=4, train=False):
    """Return (model, tokenizer, texts): a planted classifier that knows `count` texts, no two neighbours alike."""
    tokenizer = models.tokenizer(SST2)
    texts = sentences(rng, count)
    rows = uneven_logits(rng, count, len(labels))
    return models.classifier(tokenizer, dict(zip(texts, rows, strict=True)), labels, train), tokenizer, texts


def assert_same_predictions(student, reference, cases, ignoring=()):
    assert_agree(student.predict, reference.predict, cases, ignoring=ignoring)


def assert_same_probabilities(student, reference, cases):
    assert_agree(student.probabilities, reference.probabilities, cases)


def test_labels_of_a_row_compete(student, reference, rng):
    """The probabilities of a row are a softmax over its labels.

    es: Las probabilidades de una fila son un softmax sobre sus etiquetas.
    """
    assert_same_probabilities(student, reference, [(uneven_logits(rng, *shape),) for shape in ((4, 3), (2, 5))])


def test_labels_stand_alone_when_there_are_several(student, reference, rng):
    """With several labels per text, each probability depends on its own logit only, however large that is.

    es: Con varias etiquetas por texto, cada probabilidad depende solo de su propio logit, por grande que sea.
    """
    cases = [(uneven_logits(rng, *shape), True) for shape in ((4, 3), (2, 5))]
    assert_same_probabilities(student, reference, [*cases, (uneven_logits(rng, 3, 4) * np.float32(300), True)])


@pytest.mark.rests_on("test_labels_of_a_row_compete")
def test_large_logits_stay_finite(student, reference, rng):
    """Logits of ±1000 give finite probabilities.

    es: Logits de ±1000 dan probabilidades finitas.
    """
    cases = [(uneven_logits(rng, 3, 4) + np.float32(shift),) for shift in (1000, -1000)]
    assert_same_probabilities(student, reference, cases)


@pytest.mark.rests_on("test_labels_of_a_row_compete")
def test_a_batch_of_one_keeps_its_shape(student, reference, rng):
    """One row in, one row out.

    es: Si entra una fila, sale una fila.
    """
    assert_same_probabilities(student, reference, [(uneven_logits(rng, 1, labels),) for labels in (3, 6)])


def test_labels_have_the_names_of_the_config(student, reference, rng, models):
    """Each text gets its likeliest label, by the name in the model's id2label.

    es: Cada texto recibe su etiqueta más probable, con el nombre de id2label del modelo.
    """
    cases = [classify(models, rng, labels) for labels in ORDERS]
    assert_same_predictions(student, reference, cases, ignoring=["score"])


@pytest.mark.rests_on("test_labels_have_the_names_of_the_config")
def test_scores_are_the_probabilities_of_the_labels(student, reference, rng, models):
    """The score is the probability of the label that is named.

    es: El score es la probabilidad de la etiqueta nombrada.
    """
    assert_same_predictions(student, reference, [classify(models, rng, labels, count=5) for labels in ORDERS])


@pytest.mark.rests_on("test_labels_have_the_names_of_the_config")
def test_one_text_is_a_list_of_one(student, reference, rng, models):
    """A single text gives a list with a single prediction.

    es: Un solo texto da una lista con una sola predicción.
    """
    assert_same_predictions(student, reference, [classify(models, rng, labels, count=1) for labels in ORDERS])


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_a_model_in_training_mode_predicts_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    cases = [classify(models, rng, labels, count=5, train=True) for labels in ORDERS]
    assert_same_predictions(student, reference, cases)


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_texts_of_uneven_length_are_padded_and_masked(student, reference, rng, models):
    """Padding a short text changes none of its numbers.

    es: Rellenar un texto corto no cambia ninguno de sus números.
    """
    for labels in ORDERS:
        model, tokenizer, texts = classify(models, rng, labels)
        texts = sorted(texts, key=len)
        together = student.predict(model, tokenizer, texts)
        alone = [student.predict(model, tokenizer, [text])[0] for text in texts]
        assert_same(together, reference.predict(model, tokenizer, texts))
        assert_same(alone, together)


def test_a_single_label_meets_the_threshold(student, reference, rng, models):
    """With one label, its own probability is compared with the threshold, and reaches it where both are equal.

    es: Con una sola etiqueta, su propia probabilidad se compara con el umbral, y lo alcanza si son iguales.
    """
    tokenizer, texts = models.tokenizer(SST2), sentences(rng, 7)
    rows = np.array([[-2.2], [-0.5], [0.25], [0.5], [0.7], [2.5]]) + rng.uniform(-0.1, 0.1)
    rows = np.concatenate([rows, [[0.0]]])  # its probability is one half exactly
    model = models.classifier(tokenizer, dict(zip(texts, rows.astype(np.float32), strict=True)), {0: "SPAM"})
    cases = [(model, tokenizer, rng.permutation(texts).tolist(), threshold) for threshold in (0.5, 0.65, 0.3)]
    assert_same_predictions(student, reference, cases)


@pytest.mark.rests_on("test_labels_have_the_names_of_the_config")
def test_several_labels_know_no_threshold(student, reference, rng, models):
    """Among several labels the likeliest one is named, also where its probability is below the threshold.

    es: Entre varias etiquetas se nombra la más probable, aunque su probabilidad no llegue al umbral.
    """
    cases = []
    for labels, threshold in zip(ORDERS, ((), (0.9,)), strict=True):
        tokenizer, texts = models.tokenizer(SST2), sentences(rng, 4)
        rows = [(rng.permutation([0.0, 0.3, 0.6]) + rng.uniform(-1, 1)).astype(np.float32) for _ in texts]
        model = models.classifier(tokenizer, dict(zip(texts, rows, strict=True)), labels)
        cases.append((model, tokenizer, texts, *threshold))
    assert_same_predictions(student, reference, cases, ignoring=["score"])


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """Logits, weights and config are left as they were.

    es: Los logits, los pesos y la config quedan como estaban.
    """
    for multi_label in (False, True):
        assert_same_probabilities(student, reference, [(uneven_logits(rng, 4, 3), multi_label)])
        assert_unchanged(student)
    for labels in ORDERS:
        assert_same_predictions(student, reference, [classify(models, rng, labels)])
        assert_unchanged(student)
