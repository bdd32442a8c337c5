"""Hidden checks of 16_config_and_head.

Labels come in an order that no sorting gives. Checkpoints are folders with drawn classifiers, or public names. Logits
are compared where every weight is loaded; a fresh head can be drawn in many ways, so only its width is, and below it
the states of the body.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.suite import assert_same, assert_that, assert_unchanged

BERT = "bert-base-uncased"
ROBERTA = "PlanTL-GOB-ES/roberta-base-bne"
SENTIMENT = "distilbert-base-uncased-finetuned-sst-2-english"
NAMES = ["joy", "anger", "fear", "calm", "tristeza", "sorpresa", "ironía", "asco", "very good", "otro"]


def labels(rng, count):
    """Return different labels whose order no sorting gives."""
    while True:
        drawn = rng.choice(NAMES, size=count, replace=False).tolist()
        if drawn not in (sorted(drawn), sorted(drawn, reverse=True)) or count == 2:
            return drawn if count > 2 or drawn != sorted(drawn) else drawn[::-1]


def trained(rng, models, name, count):
    """Return a folder with a drawn classifier for `count` labels: a checkpoint whose head has weights too."""
    model = models.twin(name, "sequence-classification", labels=dict(enumerate(labels(rng, count))))
    return models.folder(model=model)


def assert_same_fields(student, reference, cases, names):
    """Call both with each case, and compare these fields of the configs or models that come back."""
    results = [student(*case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = reference(*case).fields
        assert_same(got, {name: expected[name] for name in names})


def test_the_config_has_a_name_for_each_id(student, reference, rng, models):
    """The labels have the ids 0, 1, 2 … in their order; everything else is as in the checkpoint.

    es: Las etiquetas tienen los ids 0, 1, 2 … en su orden; todo lo demás es como en el checkpoint.
    """
    folder = trained(rng, models, SENTIMENT, 3)
    for name, counts in ((folder, (5, 3)), (BERT, (4, 2))):
        cases = [(name, labels(rng, count)) for count in counts]
        fields = [field for field in reference.config_with_labels(*cases[0]).fields if field != "label2id"]
        assert_same_fields(student.config_with_labels, reference.config_with_labels, cases, fields)


@pytest.mark.rests_on("test_the_config_has_a_name_for_each_id")
def test_the_config_has_an_id_for_each_name(student, reference, rng, models):
    """A label's name leads back to its id.

    es: El nombre de una etiqueta lleva de vuelta a su id.
    """
    cases = [(trained(rng, models, SENTIMENT, 3), labels(rng, 5)), (BERT, labels(rng, 3)), (ROBERTA, labels(rng, 2))]
    assert_same_fields(student.config_with_labels, reference.config_with_labels, cases, ["label2id"])


def test_a_head_that_fits_keeps_its_weights(student, reference, rng, models):
    """With as many labels as before, the model gives the logits of the checkpoint.

    es: Con tantas etiquetas como antes, el modelo da los logits del checkpoint.
    """
    cases = [(trained(rng, models, name, count), labels(rng, count)) for name, count in ((SENTIMENT, 3), (BERT, 4))]
    assert_same_fields(student.model_with_labels, reference.model_with_labels, cases, ["class", "answer", "training"])


def test_the_model_has_one_logit_per_label(student, reference, rng, models):
    """With another number of labels, the head gets the size of the new ones, and the body keeps its weights.

    es: Con otro número de etiquetas, la cabeza toma el tamaño de las nuevas, y el cuerpo conserva sus pesos.
    """
    counts = [(SENTIMENT, 3, 5), (BERT, 4, 2)]
    cases = [(trained(rng, models, name, before), labels(rng, after)) for name, before, after in counts]
    assert_logits_of_each_label(student.model_with_labels, reference.model_with_labels, cases, ["class", "body"])


@pytest.mark.rests_on("test_the_model_has_one_logit_per_label")
def test_the_model_knows_the_names_of_its_labels(student, reference, rng, models):
    """The config of the model has the names of the labels, both ways.

    es: La config del modelo tiene los nombres de las etiquetas, en los dos sentidos.
    """
    cases = [(trained(rng, models, SENTIMENT, 3), labels(rng, 5)), (BERT, labels(rng, 3))]
    fields = ["labels", "label_ids", "training"]
    assert_same_fields(student.model_with_labels, reference.model_with_labels, cases, fields)


def test_a_checkpoint_without_a_head_gets_one(student, reference, rng):
    """A checkpoint that was made for another task, or for none, becomes a classifier with the body that it had.

    es: Un checkpoint hecho para otra tarea, o para ninguna, se convierte en clasificador con el cuerpo que tenía.
    """
    cases = [(BERT, labels(rng, 3)), (ROBERTA, labels(rng, 4)), (BERT, labels(rng, 5))]
    assert_logits_of_each_label(student.model_with_labels, reference.model_with_labels, cases, ["class", "body"])


def test_a_model_from_scratch_has_the_form_of_the_config(student, reference, rng, models):
    """From scratch: a classifier of the config's architecture, with the names of the labels, both ways.

    es: Desde cero: un clasificador con la arquitectura de la config y los nombres de las etiquetas, ida y vuelta.
    """
    cases = [(models.config(SENTIMENT), labels(rng, 4)), (models.config(BERT, num_hidden_layers=1), labels(rng, 3))]
    assert_same_fields(student.from_scratch, reference.from_scratch, cases, ["class", "labels", "label_ids"])
    assert_logits_of_each_label(student.from_scratch, reference.from_scratch, cases, ["class", "size", "dtype"])


@pytest.mark.rests_on("test_a_model_from_scratch_has_the_form_of_the_config")
def test_a_model_from_scratch_has_no_weight_of_the_checkpoint(student, reference, rng, models):
    """The weights are fresh, also where the config is that of a trained model.

    es: Los pesos son nuevos, aunque la config sea la de un modelo entrenado.
    """
    for count in (2, 3):
        chosen = labels(rng, count)
        got = student.from_scratch(models.config(SENTIMENT), chosen)
        assert_same(got, {"labels": reference.from_scratch(models.config(SENTIMENT), chosen).fields["labels"]})
        if count == 2:  # as many as the checkpoint has: there, all of its weights fit
            loaded = reference.model_with_labels(SENTIMENT, chosen).fields["answer"]
            assert_that(
                np.abs(got.fields["answer"] - loaded).max() > 1e-2,
                en="The model gives the logits of the trained checkpoint: its weights were loaded.",
                es="El modelo da los logits del checkpoint entrenado: se cargaron sus pesos.",
            )


@pytest.mark.rests_on("test_a_model_from_scratch_has_the_form_of_the_config")
def test_a_model_from_scratch_is_in_evaluation_mode(student, reference, rng, models):
    """The new model is in evaluation mode, like one that was loaded.

    es: El modelo nuevo está en modo de evaluación, como uno cargado.
    """
    cases = [(models.config(name), labels(rng, count)) for name, count in ((SENTIMENT, 3), (ROBERTA, 4))]
    assert_same_fields(student.from_scratch, reference.from_scratch, cases, ["training", "labels"])


@pytest.mark.rests_on("test_a_model_from_scratch_has_the_form_of_the_config")
def test_the_config_of_the_caller_is_left_unchanged(student, reference, rng, models):
    """The config that was handed in is as it was.

    es: La config recibida queda como estaba.
    """
    for name, count in ((SENTIMENT, 4), (BERT, 3)):
        assert_same_fields(
            student.from_scratch, reference.from_scratch, [(models.config(name), labels(rng, count))], ["labels"]
        )
        assert_unchanged(student)


def assert_logits_of_each_label(student, reference, cases, names):
    """Both give models that are the same in these fields, with one logit for each label."""
    results = [student(*case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = reference(*case).fields
        assert_same(got, {name: expected[name] for name in names})
        shape = got.fields["answer"].shape
        assert_that(
            shape == (1, len(case[1])),
            en=f"The head does not have one logit for each of the {len(case[1])} labels.",
            es=f"La cabeza no tiene un logit para cada una de las {len(case[1])} etiquetas.",
            got=shape,
        )
