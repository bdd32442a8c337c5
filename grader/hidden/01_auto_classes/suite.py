"""Hidden checks of 01_auto_classes.

Classes and models are compared with the reference's by name, labels, mode, dtype and the states of their bodies; by
their answers only where all weights come from the checkpoint. Tasks and checkpoints come in a drawn order; numbers of
labels are drawn.
"""

from __future__ import annotations

import pytest

from grader import wire
from grader.judge.suite import assert_agree, assert_raises, assert_same, assert_that

SST2, SQUAD = "distilbert-base-uncased-finetuned-sst-2-english", "distilbert-base-uncased-distilled-squad"
BERT, MULTILINGUAL, BETO = "bert-base-uncased", "bert-base-multilingual-cased", "dccuchile/bert-base-spanish-wwm-cased"
NER, GPT2, MT5, XLM_R = "dslim/bert-base-NER", "gpt2", "google/mt5-small", "xlm-roberta-base"
NO_TASKS = ["translation", "summarization", "feature", "classification", "ner", "question_answering", "AutoModel", ""]


def shuffled(rng, *cases):
    return [cases[place] for place in rng.permutation(len(cases))]


def outline(model):
    """Return the description of a model with the shape of its answer in the answer's place: a fresh head draws it."""
    if not isinstance(model, wire.Record) or not hasattr(model.fields.get("answer"), "shape"):
        return model
    return wire.Record(model.name, model.fields | {"answer": model.fields["answer"].shape})


def assert_same_models(student, reference, cases):
    """Compare all of a model but the numbers of its answer."""
    models = [student.load(*case) for case in cases]
    for model, case in zip(models, cases, strict=True):
        assert_same(outline(model), outline(reference.load(*case)))


def assert_same_names(student, reference, cases):
    """Compare names of weights in any order."""
    found = [student.fresh_weights(*case) for case in cases]
    for names, case in zip(found, cases, strict=True):
        listed = isinstance(names, (set, list, tuple)) and all(isinstance(name, str) for name in names)
        assert_that(listed, "The result is not a set of names.", "El resultado no es un conjunto de nombres.", names)
        assert_same(sorted(set(names)), sorted(reference.fresh_weights(*case)))


def test_tasks_with_labels_or_spans_have_their_classes(student, reference, rng):
    """Texts, tokens and answers have a class each.

    es: Textos, tokens y respuestas tienen cada uno su clase.
    """
    cases = shuffled(rng, ("text-classification",), ("token-classification",), ("question-answering",))
    assert_agree(student.auto_class, reference.auto_class, cases)


def test_language_models_and_features_have_their_classes(student, reference, rng):
    """Masked, causal and encoder-decoder language models have a class each, and a model without a head has one.

    es: Los modelos con máscara, causales y encoder-decoder tienen cada uno su clase; el modelo sin cabeza, también.
    """
    cases = shuffled(rng, ("fill-mask",), ("text-generation",), ("text2text-generation",), ("features",))
    assert_agree(student.auto_class, reference.auto_class, cases)


@pytest.mark.rests_on("test_language_models_and_features_have_their_classes")
def test_an_unknown_task_is_a_value_error(student, reference, rng):
    """A task that is not in the list raises ValueError, one that is does not.

    es: Una tarea que no está en la lista lanza ValueError; una que sí está, no.
    """
    for unknown in rng.choice(NO_TASKS, size=2, replace=False):
        assert_raises(ValueError, student.auto_class, str(unknown))
    cases = shuffled(rng, ("fill-mask",), ("text-generation",))
    assert_agree(student.auto_class, reference.auto_class, cases)


@pytest.mark.rests_on("test_tasks_with_labels_or_spans_have_their_classes")
def test_a_fine_tuned_checkpoint_keeps_its_head(student, reference, rng):
    """A checkpoint of the task brings its head, its weights and its labels.

    es: Un checkpoint de la tarea trae su cabeza, sus pesos y sus etiquetas.
    """
    cases = shuffled(rng, ("text-classification", SST2), ("token-classification", NER), ("question-answering", SQUAD))
    assert_agree(student.load, reference.load, cases)


@pytest.mark.rests_on("test_language_models_and_features_have_their_classes")
def test_a_language_model_keeps_its_head(student, reference, rng):
    """Masked, causal and encoder-decoder checkpoints load as what they were trained for.

    es: Los checkpoints con máscara, causales y encoder-decoder se cargan para lo que se entrenaron.
    """
    masked = str(rng.choice([BERT, MULTILINGUAL, XLM_R]))
    cases = shuffled(rng, ("fill-mask", masked), ("text-generation", GPT2), ("text2text-generation", MT5))
    assert_agree(student.load, reference.load, cases)


@pytest.mark.rests_on("test_language_models_and_features_have_their_classes")
def test_features_come_from_a_model_without_a_head(student, reference, rng):
    """For features the head of the checkpoint is left away.

    es: Para obtener estados se deja fuera la cabeza del checkpoint.
    """
    cases = [("features", name) for name in rng.permutation([BERT, GPT2, SST2])]
    assert_agree(student.load, reference.load, cases)


@pytest.mark.rests_on("test_tasks_with_labels_or_spans_have_their_classes")
def test_a_base_checkpoint_gets_the_head_of_the_task(student, reference, rng):
    """A checkpoint without a head for the task gets a new one, on the body that it has.

    es: Un checkpoint sin cabeza para la tarea recibe una nueva, sobre el cuerpo que trae.
    """
    tasks = rng.permutation(["text-classification", "token-classification", "question-answering"])
    cases = list(zip(tasks, rng.permutation([BERT, MULTILINGUAL, XLM_R]), strict=True))
    assert_same_models(student, reference, cases)


@pytest.mark.rests_on("test_a_base_checkpoint_gets_the_head_of_the_task")
def test_the_caller_says_how_many_labels(student, reference, rng):
    """The head has as many labels as asked for, also where the checkpoint has a head of another size.

    es: La cabeza tiene las etiquetas pedidas, también si el checkpoint trae una cabeza de otro tamaño.
    """
    base, own, tokens = (int(count) for count in rng.choice(range(3, 9), size=3, replace=False))
    cases = shuffled(
        rng,
        ("text-classification", BERT, base),
        ("text-classification", SST2, own),
        ("token-classification", NER, tokens),
    )
    assert_same_models(student, reference, cases)


@pytest.mark.rests_on("test_tasks_with_labels_or_spans_have_their_classes")
def test_a_head_that_the_checkpoint_lacks_is_fresh(student, reference, rng):
    """The weights of a new head are fresh, those of a head that was loaded are not.

    es: Los pesos de una cabeza nueva son nuevos; los de una cabeza cargada, no.
    """
    base = rng.permutation([BERT, MULTILINGUAL])
    cases = shuffled(
        rng, ("question-answering", base[0]), ("text-classification", base[1]), ("token-classification", NER),
        ("text-classification", SST2),
    )  # fmt: skip
    assert_same_names(student, reference, cases)


@pytest.mark.rests_on("test_a_head_that_the_checkpoint_lacks_is_fresh")
def test_a_head_of_another_size_is_fresh(student, reference, rng):
    """A head that does not fit is fresh, one that fits is not.

    es: Una cabeza que no encaja es nueva; una que encaja, no.
    """
    own, tokens = (int(count) for count in rng.choice(range(3, 9), size=2, replace=False))
    cases = shuffled(
        rng, ("text-classification", SST2, own), ("text-classification", SST2, 2), ("token-classification", NER, tokens)
    )
    assert_same_names(student, reference, cases)


@pytest.mark.rests_on("test_a_head_that_the_checkpoint_lacks_is_fresh")
def test_fresh_weights_are_looked_for_in_the_whole_model(student, reference, rng):
    """A part of the body that the checkpoint lacks is fresh; a language model's head that it has is not.

    es: Una parte del cuerpo que falta en el checkpoint es nueva; la cabeza de lenguaje que sí trae, no.
    """
    cases = shuffled(rng, ("features", BETO), ("features", BERT), ("fill-mask", BETO), ("text-classification", BETO))
    assert_same_names(student, reference, cases)
