"""Hidden checks of 05_hidden_states.

Models have three layers, four heads and other labels than texts; batches are padded only where padding is the point.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_same, assert_that, assert_unchanged

BERT, GPT2 = "bert-base-uncased", "gpt2"


def even_batch(models, rng, count, name=BERT):
    """A batch of `count` texts, all cut to the same length: nothing is padded."""
    texts = [" ".join(sentences(rng, 2)) for _ in range(count)]
    return models.encoding(models.tokenizer(name), texts, max_length=7, padding=False)


def uneven_texts(rng):
    """Two words, and three sentences: the first row of their batch is mostly padding."""
    return [" ".join(sentences(rng, 1)[0].split()[:2]), " ".join(sentences(rng, 3))]


def test_there_is_a_state_for_the_embeddings_and_for_each_layer(student, reference, rng, models):
    """All hidden states are there, the embeddings' first, whatever the head.

    es: Están todos los hidden states, primero el de los embeddings, sea cual sea la cabeza.
    """
    cases = [
        (models.twin(BERT, head, num_hidden_layers=layers), even_batch(models, rng, count))
        for head, layers, count in ((None, 3, 2), ("question-answering", 2, 3))
    ]
    assert_agree(student.all_layers, reference.all_layers, cases)


@pytest.mark.rests_on("test_there_is_a_state_for_the_embeddings_and_for_each_layer")
def test_padding_changes_no_state(student, reference, rng, models):
    """A text has the same hidden states, and the same first vector, in a padded batch as alone.

    es: Un texto tiene los mismos hidden states, y el mismo primer vector, en un lote con relleno que solo.
    """
    model, tokenizer = models.twin(BERT, num_hidden_layers=3), models.tokenizer(BERT)
    for texts in (uneven_texts(rng), uneven_texts(rng)):
        both, short = models.encoding(tokenizer, texts), models.encoding(tokenizer, texts[:1])
        together, alone = student.all_layers(model, both), student.all_layers(model, short)
        assert_same(together, reference.all_layers(model, both))
        assert_same(alone, reference.all_layers(model, short))
        length = np.shape(alone)[2]
        assert_same(np.asarray(together)[:, :1, :length], np.asarray(alone))
        cases = [(model, enc, layer) for enc in (both, short) for layer in (1, 0, -1)]
        assert_agree(student.cls_of_layer, reference.cls_of_layer, cases)


def assert_same_fields(student, reference, cases):
    """Compare names and shapes; no further fields."""
    results = [student.describe_output(*case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = reference.describe_output(*case)
        assert_same(got, expected)
        assert_that(
            set(got) == set(expected),
            "There are fields that the model did not fill, or was not asked to fill.",
            "Hay campos que el modelo no rellenó o que nadie le pidió.",
            got,
        )


def test_the_vector_is_of_the_first_token_after_the_layer(student, reference, rng, models):
    """Each text gets the vector of its first token; layer 0 is the embeddings.

    es: Cada texto recibe el vector de su primer token; la capa 0 son los embeddings.
    """
    model = models.twin(BERT, num_hidden_layers=3)
    batches = even_batch(models, rng, 2), even_batch(models, rng, 3)
    assert_agree(
        student.cls_of_layer, reference.cls_of_layer, [(model, enc, layer) for enc in batches for layer in (1, 0, 2)]
    )


@pytest.mark.rests_on("test_the_vector_is_of_the_first_token_after_the_layer")
def test_negative_layers_count_from_the_last_one(student, reference, rng, models):
    """Layer -1 is the last one, -2 the one before.

    es: La capa -1 es la última, la -2 la anterior.
    """
    enc = even_batch(models, rng, 2)
    twins = [models.twin(BERT, num_hidden_layers=layers) for layers in (3, 2)]
    assert_agree(
        student.cls_of_layer, reference.cls_of_layer, [(model, enc, layer) for model in twins for layer in (-1, -2)]
    )


def test_attention_is_the_mean_over_the_heads_of_a_layer(student, reference, rng, models):
    """The heads of one layer are averaged; row q says where token q looks.

    es: Se promedian las cabezas de una capa; la fila q dice adónde mira el token q.
    """
    model = models.twin(BERT, num_hidden_layers=3, attention="eager")
    cases = [(model, even_batch(models, rng, count), layer) for count, layer in ((2, 0), (3, 1), (2, -1))]
    assert_agree(student.mean_attention, reference.mean_attention, cases)


@pytest.mark.rests_on("test_attention_is_the_mean_over_the_heads_of_a_layer")
def test_attention_is_there_for_a_model_loaded_as_usual(student, reference, rng, models):
    """A model that was loaded with SDPA gives its attention too.

    es: Un modelo cargado con SDPA también da su atención.
    """
    model = models.twin(BERT, num_hidden_layers=3, attention="sdpa")
    cases = [(model, even_batch(models, rng, 2), layer) for layer in (0, 1)]
    assert_agree(student.mean_attention, reference.mean_attention, cases)


@pytest.mark.rests_on("test_attention_is_the_mean_over_the_heads_of_a_layer")
def test_padding_gets_no_attention(student, reference, rng, models):
    """No token of a text looks at padding.

    es: Ningún token de un texto mira al relleno.
    """
    model, tokenizer = models.twin(BERT, num_hidden_layers=2, attention="eager"), models.tokenizer(BERT)
    cases = [(model, models.encoding(tokenizer, uneven_texts(rng)), layer) for layer in (0, 1)]
    assert_agree(student.mean_attention, reference.mean_attention, cases)


def test_each_filled_field_is_described_by_its_shape(student, reference, rng, models):
    """The fields that the model filled are listed by name, each with its shape, and no others.

    es: Se listan por su nombre los campos que el modelo rellenó, cada uno con su forma, y ninguno más.
    """
    cases = [
        (models.twin(BERT, head), even_batch(models, rng, count))
        for head, count in ((None, 2), ("question-answering", 3), ("masked-lm", 2))
    ]
    assert_same_fields(student, reference, cases)


@pytest.mark.rests_on("test_each_filled_field_is_described_by_its_shape")
def test_a_field_of_several_tensors_is_described_by_all_their_shapes(student, reference, rng, models):
    """Where the config asks for hidden states, there is a list of shapes, one per state; a cache is left out.

    es: Si la config pide los hidden states, hay una lista de formas, una por estado; una caché queda fuera.
    """
    cases = [
        (models.twin(BERT, num_hidden_layers=layers, output_hidden_states=True), even_batch(models, rng, count))
        for layers, count in ((3, 2), (2, 3))
    ]
    cases.append((models.twin(GPT2, "causal-lm", output_hidden_states=True), even_batch(models, rng, 2, GPT2)))
    assert_same_fields(student, reference, cases)


@pytest.mark.rests_on("test_there_is_a_state_for_the_embeddings_and_for_each_layer")
def test_states_are_read_without_dropout(student, reference, rng, models):
    """All states, and the first vector of one of them, know no dropout, even if the model arrives in training mode.

    es: Ni los estados ni el primer vector de uno llevan dropout, aunque el modelo llegue en modo de entrenamiento.
    """
    model = models.twin(BERT, num_hidden_layers=2, train=True)
    cases = [(model, even_batch(models, rng, count)) for count in (2, 3)]
    assert_agree(student.all_layers, reference.all_layers, cases)
    layers = [(*case, layer) for case in cases for layer in (1, -1)]
    assert_agree(student.cls_of_layer, reference.cls_of_layer, layers)


@pytest.mark.rests_on("test_attention_is_the_mean_over_the_heads_of_a_layer")
def test_attention_is_read_without_dropout(student, reference, rng, models):
    """Attention knows no dropout, even if the model arrives in training mode.

    es: La atención no lleva dropout, aunque el modelo llegue en modo de entrenamiento.
    """
    model = models.twin(BERT, num_hidden_layers=2, attention="eager", train=True)
    cases = [(model, even_batch(models, rng, 2), layer) for layer in (0, 1)]
    assert_agree(student.mean_attention, reference.mean_attention, cases)


@pytest.mark.rests_on("test_there_is_a_state_for_the_embeddings_and_for_each_layer")
def test_config_weights_and_inputs_stay_as_they_are(student, reference, rng, models):
    """Asking for more changes neither the weights, nor the config, nor the encoding.

    es: Pedir más no cambia ni los pesos, ni la config, ni la codificación.
    """
    model = models.twin(BERT, num_hidden_layers=2, attention="eager")
    for count in (2, 3):
        enc = even_batch(models, rng, count)
        assert_same(student.all_layers(model, enc), reference.all_layers(model, enc))
        assert_unchanged(student)
        assert_same(student.cls_of_layer(model, enc, 1), reference.cls_of_layer(model, enc, 1))
        assert_unchanged(student)
        student.mean_attention(model, enc, 0)
        assert_unchanged(student)
