"""Hidden checks of 19_sentence_embeddings.

The vectors at padding are as large as those of real tokens, so that each one that is counted shows. Vectors are
compared, not their cosines: a cosine hides a wrong divisor. The vectors of `similarity` have lengths from 1 to 100.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_unchanged

BERT = "bert-base-uncased"
DISTILBERT = "distilbert-base-uncased-finetuned-sst-2-english"


def token_vectors(rng, batch, seq, width):
    """Return vectors (batch, seq, width) whose means over tokens are far from 0 and from each other."""
    centres = rng.uniform(1, 3, size=(batch, 1, width)) * rng.choice([-1, 1], size=(batch, 1, width))
    return (centres + rng.normal(size=(batch, seq, width))).astype(np.float32)


def right_padded(lengths, seq):
    """Return a mask (batch, seq) whose rows begin with so many ones."""
    return (np.arange(seq) < np.asarray(lengths)[:, None]).astype(np.int64)


def vectors(rng, rows, width, shortest=1, longest=100):
    """Return vectors (rows, width) whose lengths go evenly, in a drawn order, from the shortest to the longest."""
    lengths = rng.permutation(np.geomspace(shortest, longest, rows))
    directions = rng.normal(size=(rows, width))
    return (directions / np.linalg.norm(directions, axis=1, keepdims=True) * lengths[:, None]).astype(np.float32)


def cosines(a, b):
    """Return the cosine similarities (n, m) in float64."""
    a, b = (x.astype(np.float64) / np.linalg.norm(x.astype(np.float64), axis=1, keepdims=True) for x in (a, b))
    return a @ b.T


def search(rng, n, m, width, margin=0.05):
    """Return queries and candidates whose best candidates lead, differ, and are not those of the dot product."""
    while True:
        queries, candidates = vectors(rng, n, width), vectors(rng, m, width)
        table = cosines(queries, candidates)
        top = np.sort(table, axis=1)
        best = table.argmax(1)
        if (
            (top[:, -1] - top[:, -2] >= margin).all()
            and len(set(best.tolist())) > 1
            and (best != (queries @ candidates.T).argmax(1)).any()
        ):
            return queries, candidates


def test_mean_of_the_real_tokens(student, reference, rng):
    """Each row gives the mean of its real tokens; padding does not count.

    es: Cada fila da la media de sus tokens reales; el relleno no cuenta.
    """
    cases = [
        (token_vectors(rng, 2, 4, 6), right_padded([4, 4], 4)),
        (token_vectors(rng, 3, 5, 4), right_padded([2, 5, 3], 5)),
        (token_vectors(rng, 2, 6, 3), right_padded([6, 1], 6)),
        (token_vectors(rng, 1, 5, 4), right_padded([2], 5)),
    ]
    assert_agree(student.mean_pool, reference.mean_pool, cases)


@pytest.mark.rests_on("test_mean_of_the_real_tokens")
def test_padding_on_the_left(student, reference, rng):
    """The mask says which tokens are real, also with padding on the left.

    es: La máscara dice qué tokens son reales, también con el relleno a la izquierda.
    """
    cases = [
        (token_vectors(rng, 3, 5, 4), right_padded([2, 5, 3], 5)[:, ::-1].copy()),
        (token_vectors(rng, 2, 6, 3), right_padded([4, 1], 6)[:, ::-1].copy()),
    ]
    assert_agree(student.mean_pool, reference.mean_pool, cases)


@pytest.mark.rests_on("test_mean_of_the_real_tokens")
def test_row_of_padding_only(student, reference, rng):
    """A row without real tokens gives zeros, and the other rows their means.

    es: Una fila sin tokens reales da ceros, y las demás filas sus medias.
    """
    cases = [
        (token_vectors(rng, 3, 5, 4), right_padded([2, 0, 5], 5)),
        (token_vectors(rng, 2, 4, 3), right_padded([0, 3], 4)),
    ]
    assert_agree(student.mean_pool, reference.mean_pool, cases)


@pytest.mark.rests_on("test_mean_of_the_real_tokens")
def test_pooling_changes_nothing(student, reference, rng):
    """`mean_pool` leaves the hidden states and the mask as they are.

    es: `mean_pool` deja los hidden states y la máscara como están.
    """
    for lengths, seq in (([2, 5], 5), ([4, 1, 2], 4)):
        case = (token_vectors(rng, len(lengths), seq, 4), right_padded(lengths, seq))
        assert_agree(student.mean_pool, reference.mean_pool, [case])
        assert_unchanged(student)


def test_one_text(student, reference, rng, models):
    """`embed` gives a text the mean of its last hidden state, special tokens included.

    es: `embed` da a un texto la media de su último hidden state, con los tokens especiales.
    """
    cases = []
    for name in (BERT, DISTILBERT):
        model, tokenizer = models.twin(name), models.tokenizer(name)
        cases += [(model, tokenizer, [text]) for text in sentences(rng, 2)]
    assert_agree(student.embed, reference.embed, cases)


@pytest.mark.rests_on("test_one_text")
def test_texts_in_a_batch(student, reference, rng, models):
    """A text has the same vector alone and in a batch with longer ones.

    es: Un texto tiene el mismo vector solo y en un lote con otros más largos.
    """
    for name in (BERT, DISTILBERT):
        model, tokenizer = models.twin(name), models.tokenizer(name)
        texts = sentences(rng, 4)
        assert_agree(
            student.embed, reference.embed, [(model, tokenizer, texts)] + [(model, tokenizer, [t]) for t in texts]
        )


@pytest.mark.rests_on("test_one_text")
def test_model_in_train_mode(student, reference, rng, models):
    """Dropout is off, also when the model comes in train mode.

    es: El dropout está apagado, también si el modelo llega en modo de entrenamiento.
    """
    for name in (BERT, DISTILBERT):
        model, tokenizer = models.twin(name, train=True), models.tokenizer(name)
        assert_agree(student.embed, reference.embed, [(model, tokenizer, [text]) for text in sentences(rng, 2)])


@pytest.mark.rests_on("test_one_text")
def test_long_texts(student, reference, rng, models):
    """A text longer than the tokenizer's own maximum is truncated to it.

    es: Un texto más largo que el máximo del propio tokenizer se trunca a ese máximo.
    """
    cases = []
    for name in (BERT, DISTILBERT):
        model, limit = models.twin(name), int(rng.integers(10, 20))
        cases.append((model, models.tokenizer(name), [" ".join(sentences(rng, 100))]))
        cases.append((model, models.tokenizer(name, model_max_length=limit), [" ".join(sentences(rng, 6))]))
    assert_agree(student.embed, reference.embed, cases)


def test_every_pair(student, reference, rng):
    """`similarity` holds the cosine of each row of `a` with each row of `b`.

    es: `similarity` contiene el coseno de cada fila de `a` con cada fila de `b`.
    """
    cases = [(vectors(rng, n, width), vectors(rng, m, width)) for n, m, width in ((3, 3, 5), (2, 4, 6), (4, 2, 4))]
    assert_agree(student.similarity, reference.similarity, cases)


@pytest.mark.rests_on("test_every_pair")
def test_vector_of_zeros(student, reference, rng):
    """A vector of zeros has the similarity 0 with every other.

    es: Un vector de ceros tiene similitud 0 con todos los demás.
    """
    cases = []
    for n, m, width in ((3, 2, 5), (2, 4, 6)):
        a, b = vectors(rng, n, width), vectors(rng, m, width)
        (a if n > m else b)[int(rng.integers(2))] = 0
        cases.append((a, b))
    assert_agree(student.similarity, reference.similarity, cases)


@pytest.mark.rests_on("test_every_pair")
def test_similarity_changes_nothing(student, reference, rng):
    """`similarity` leaves the vectors as they are.

    es: `similarity` deja los vectores como están.
    """
    for n, m in ((2, 3), (4, 2)):
        assert_agree(student.similarity, reference.similarity, [(vectors(rng, n, 4), vectors(rng, m, 4))])
        assert_unchanged(student)


def test_best_candidate_of_each_query(student, reference, rng):
    """`most_similar` gives each query the index of the candidate with the largest cosine.

    es: `most_similar` da a cada consulta el índice del candidato con el mayor coseno.
    """
    cases = [search(rng, n, m, 6) for n, m in ((4, 3), (3, 5), (3, 3))]
    assert_agree(student.most_similar, reference.most_similar, cases)
