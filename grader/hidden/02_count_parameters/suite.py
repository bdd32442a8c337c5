"""Hidden checks of 02_count_parameters.

Models are twins with drawn numbers of layers and drawn widths. Weights are shared in GPT-2, in mT5 and in the masked
language models, unless the config unties them; BERT has buffers that its state dict leaves out, the planted causal
model one that it holds.
"""

from __future__ import annotations

import pytest

from grader.judge.suite import assert_agree, assert_same, assert_that

BERT, NER, SST2 = "bert-base-uncased", "dslim/bert-base-NER", "distilbert-base-uncased-finetuned-sst-2-english"
GPT2, MT5, XLM_R = "gpt2", "google/mt5-small", "xlm-roberta-base"
LABELS = {place: f"L{place}" for place in range(5)}


def drawn(models, rng, name, head=None, **options):
    """Return a twin with a drawn depth and width."""
    sizes = {"num_hidden_layers": int(rng.integers(1, 4)), "intermediate_size": int(rng.integers(20, 90))}
    return models.twin(name, head, **sizes, **options)


def with_a_table(models, rng):
    """Return a model with one parameter, and a buffer of many numbers."""
    vocab = int(rng.integers(50, 90))
    return models.next_token(rng.normal(size=(vocab, vocab)))


def shared(models, rng):
    """Return models whose output layer is also their embedding."""
    return (
        drawn(models, rng, GPT2, "causal-lm"),
        drawn(models, rng, BERT, "masked-lm"),
        drawn(models, rng, MT5, "seq2seq-lm"),
    )


def untied(models, rng, name, head):
    """Return a model whose output layer has a weight of its own."""
    return drawn(models, rng, name, head, tie_word_embeddings=False)


def each(*models):
    return [(model,) for model in models]


def assert_same_modules(student, reference, cases):
    """Compare names and counts, no module more or less."""
    results = [student.by_module(*case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = reference.by_module(*case)
        assert_same(got, expected)
        more = set(got) - set(expected) if isinstance(got, dict) else ()
        assert_that(
            not more, "There are modules that are no direct children.", "Hay módulos que no son hijos directos.", got
        )


def test_count_adds_up_the_numbers_of_all_weights(student, reference, rng, models):
    """The count is the sum of the sizes of all weights, embeddings and heads too.

    es: La cuenta es la suma de los tamaños de todos los pesos, también embeddings y cabezas.
    """
    cases = each(drawn(models, rng, GPT2), drawn(models, rng, GPT2, "sequence-classification", labels=LABELS))
    assert_agree(student.count, reference.count, cases)


@pytest.mark.rests_on("test_count_adds_up_the_numbers_of_all_weights")
def test_a_shared_weight_counts_once(student, reference, rng, models):
    """A weight that two modules share is one weight, and an output layer that shares none has its own.

    es: Un peso que comparten dos módulos es un solo peso, y una capa de salida que no comparte tiene el suyo.
    """
    own = untied(models, rng, GPT2, "causal-lm"), untied(models, rng, XLM_R, "masked-lm")
    assert_agree(student.count, reference.count, each(*shared(models, rng), *own))


@pytest.mark.rests_on("test_count_adds_up_the_numbers_of_all_weights")
def test_frozen_weights_count(student, reference, rng, models):
    """A frozen weight is a weight.

    es: Un peso congelado es un peso.
    """
    one, other = drawn(models, rng, GPT2), drawn(models, rng, GPT2)
    cases = each(models.altered(one, frozen=["wte"]), models.altered(other, frozen=[""]))
    assert_agree(student.count, reference.count, cases)


@pytest.mark.rests_on("test_count_adds_up_the_numbers_of_all_weights")
def test_buffers_are_no_parameters(student, reference, rng, models):
    """Tensors that belong to a model without being weights do not count.

    es: Los tensores de un modelo que no son pesos no cuentan.
    """
    assert_agree(student.count, reference.count, each(with_a_table(models, rng), drawn(models, rng, XLM_R)))


def test_trainable_weights_are_those_that_ask_for_gradients(student, reference, rng, models):
    """Frozen weights are not trainable, all others are, in any mode.

    es: Los pesos congelados no son entrenables; los demás sí, en cualquier modo.
    """
    ner = drawn(models, rng, NER, "token-classification", train=True)
    sst2 = drawn(models, rng, SST2, "sequence-classification", labels=LABELS)
    frozen = models.altered(ner, frozen=["bert"]), models.altered(sst2, frozen=["distilbert.embeddings", "classifier"])
    assert_agree(student.count_trainable, reference.count_trainable, each(*frozen, drawn(models, rng, BERT)))


@pytest.mark.rests_on("test_trainable_weights_are_those_that_ask_for_gradients")
def test_a_shared_trainable_weight_counts_once(student, reference, rng, models):
    """A shared weight is trainable once, and frozen in all its places; one that is not shared is on its own.

    es: Un peso compartido es entrenable una vez y está congelado en todos sus sitios; uno no compartido va aparte.
    """
    gpt2, bert, _ = shared(models, rng)
    cases = each(
        models.altered(gpt2, frozen=["transformer.h"]),
        models.altered(gpt2, frozen=["transformer.wte"]),
        models.altered(bert, frozen=["bert.encoder"]),
        models.altered(untied(models, rng, GPT2, "causal-lm"), frozen=["transformer.wte"]),
    )
    assert_agree(student.count_trainable, reference.count_trainable, cases)


def test_size_is_in_mib(student, reference, rng, models):
    """The size is in MiB, 2**20 bytes, with 4 bytes for a float32 parameter.

    es: El tamaño está en MiB, 2**20 bytes, con 4 bytes por parámetro float32.
    """
    cases = each(drawn(models, rng, GPT2), drawn(models, rng, GPT2, "sequence-classification", labels=LABELS))
    assert_agree(student.size_in_mib, reference.size_in_mib, cases)


@pytest.mark.rests_on("test_size_is_in_mib")
def test_each_weight_has_the_size_of_its_dtype(student, reference, rng, models):
    """Half precision takes 2 bytes, double 8, and a model can have several dtypes.

    es: La media precisión ocupa 2 bytes, la doble 8, y un modelo puede tener varios dtypes.
    """
    half = str(rng.choice(["float16", "bfloat16"]))
    cases = each(
        models.altered(drawn(models, rng, GPT2), cast={"": half}),
        models.altered(drawn(models, rng, SST2), cast={"embeddings": half}),
        models.altered(drawn(models, rng, SST2), cast={"transformer": "float64"}),
    )
    assert_agree(student.size_in_mib, reference.size_in_mib, cases)


@pytest.mark.rests_on("test_size_is_in_mib")
def test_only_weights_take_room_and_each_once(student, reference, rng, models):
    """A shared weight is stored once, frozen weights take room, and buffers are left out.

    es: Un peso compartido se guarda una vez, los congelados ocupan memoria y los buffers quedan fuera.
    """
    gpt2, bert, _ = shared(models, rng)
    cases = each(models.altered(gpt2, frozen=["transformer.h"]), bert, with_a_table(models, rng))
    cases += each(untied(models, rng, GPT2, "causal-lm"))
    assert_agree(student.size_in_mib, reference.size_in_mib, cases)


def test_each_direct_child_has_all_its_parameters(student, reference, rng, models):
    """A direct child counts the weights of all modules inside it.

    es: Un hijo directo cuenta los pesos de todos los módulos que contiene.
    """
    assert_same_modules(student, reference, each(drawn(models, rng, BERT), drawn(models, rng, XLM_R)))


@pytest.mark.rests_on("test_each_direct_child_has_all_its_parameters")
def test_a_module_without_weights_is_listed(student, reference, rng, models):
    """A dropout has no weights: it is listed with 0. Frozen weights are weights.

    es: Un dropout no tiene pesos: aparece con 0. Los pesos congelados son pesos.
    """
    ner = drawn(models, rng, NER, "token-classification")
    sst2 = drawn(models, rng, SST2, "sequence-classification", labels=LABELS)
    frozen = models.altered(ner, frozen=["bert"]), models.altered(sst2, frozen=["classifier"])
    assert_same_modules(student, reference, each(ner, sst2, *frozen))


@pytest.mark.rests_on("test_each_direct_child_has_all_its_parameters")
def test_a_shared_weight_counts_in_each_module_that_has_it(student, reference, rng, models):
    """The output layer and the embeddings both list the weight that they share.

    es: La capa de salida y los embeddings cuentan ambos el peso que comparten.
    """
    assert_same_modules(student, reference, each(*shared(models, rng)))
