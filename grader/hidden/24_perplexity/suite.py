"""Hidden checks of 24_perplexity.

The models are drawn GPT-2 of one layer. As in the lesson, their tokenizer pads with the end token. Texts are sentences
of the corpus, chosen by their number of tokens.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_unchanged

END = "<|endoftext|>"


def padding_tokenizer(models):
    return models.tokenizer("gpt2", pad_token=END)


def drawn_gpt2(models, train=False):
    return models.twin("gpt2", "causal-lm", num_hidden_layers=1, train=train)


def texts_by_length(reference, rng, tokenizer):
    """Return drawn sentences by their number of tokens."""
    texts = sentences(rng, 60)
    found = {}
    for text, length in zip(texts, reference.lengths(tokenizer, texts), strict=True):
        found.setdefault(length, []).append(text)
    return found


def alike(reference, rng, tokenizer, count):
    """Return `count` texts with the same number of tokens."""
    while True:
        groups = [texts for texts in texts_by_length(reference, rng, tokenizer).values() if len(texts) >= count]
        if groups:
            return groups[int(rng.integers(len(groups)))][:count]


def uneven(reference, rng, tokenizer, count):
    """Return `count` texts, some of them much longer than others, in a drawn order."""
    found = texts_by_length(reference, rng, tokenizer)
    shortest, longest = min(found), max(found)
    middle = [texts[0] for length, texts in found.items() if shortest < length < longest]
    texts = [found[shortest][0], found[longest][0], *middle[: count - 2]]
    return [texts[int(i)] for i in rng.permutation(count)]


def drawn_logits(rng, batch, seq, vocab, size=2.0):
    """Return logits (batch, seq, vocab) and ids (batch, seq)."""
    logits = rng.normal(scale=size, size=(batch, seq, vocab)).astype(np.float32)
    return logits, rng.integers(vocab, size=(batch, seq))


def drawn_ids(rng, seq):
    return rng.integers(990, size=(1, seq))


def test_each_token_is_predicted_by_the_position_before_it(student, reference, rng):
    """The loss of a token is minus the log of the probability that the position before it gave it.

    es: La pérdida de un token es menos el logaritmo de la probabilidad que le dio la posición anterior.
    """
    cases = [drawn_logits(rng, 2, 6, 7), drawn_logits(rng, 3, 4, 5)]
    assert_agree(student.token_losses, reference.token_losses, cases)


@pytest.mark.rests_on("test_each_token_is_predicted_by_the_position_before_it")
def test_one_text_of_two_tokens_has_one_loss(student, reference, rng):
    """The result is (batch, seq - 1) also for one text, and for texts of two tokens.

    es: El resultado es (batch, seq - 1) también para un solo texto y para textos de dos tokens.
    """
    cases = [drawn_logits(rng, 1, 5, 6), drawn_logits(rng, 3, 2, 6), drawn_logits(rng, 1, 2, 6)]
    assert_agree(student.token_losses, reference.token_losses, cases)


@pytest.mark.rests_on("test_each_token_is_predicted_by_the_position_before_it")
def test_an_unlikely_token_has_a_large_finite_loss(student, reference, rng):
    """However unlikely a token is, its loss is a number.

    es: Por improbable que sea un token, su pérdida es un número.
    """
    cases = [drawn_logits(rng, 2, 5, 6, size=size) for size in (150.0, 300.0)]
    assert_agree(student.token_losses, reference.token_losses, cases, absolute=2e-4)  # float32 near 1000


def test_perplexity_is_e_to_the_mean_loss(student, reference, rng, models):
    """The perplexity of one text is e to the mean loss of its tokens; the first has none.

    es: La perplejidad de un texto es e elevado a la pérdida media de sus tokens; el primero no tiene.
    """
    tokenizer = padding_tokenizer(models)
    cases = [(drawn_gpt2(models), tokenizer, [text]) for text in uneven(reference, rng, tokenizer, 3)]
    assert_agree(student.perplexity, reference.perplexity, cases)


@pytest.mark.rests_on("test_perplexity_is_e_to_the_mean_loss")
def test_texts_share_one_mean(student, reference, rng, models):
    """There is one mean over the tokens of all texts, not a perplexity of each.

    es: Hay una sola media sobre los tokens de todos los textos, no una perplejidad de cada uno.
    """
    tokenizer = padding_tokenizer(models)
    cases = [(drawn_gpt2(models), tokenizer, alike(reference, rng, tokenizer, count)) for count in (2, 4)]
    assert_agree(student.perplexity, reference.perplexity, cases)


@pytest.mark.rests_on("test_perplexity_is_e_to_the_mean_loss")
def test_every_token_counts_alike_and_padding_not_at_all(student, reference, rng, models):
    """In a batch of uneven texts each real token weighs the same, and padding nothing.

    es: En un lote de textos desiguales cada token real pesa lo mismo, y el relleno nada.
    """
    tokenizer = padding_tokenizer(models)
    cases = [(drawn_gpt2(models), tokenizer, uneven(reference, rng, tokenizer, count)) for count in (2, 3, 4)]
    assert_agree(student.perplexity, reference.perplexity, cases)


@pytest.mark.rests_on("test_perplexity_is_e_to_the_mean_loss")
def test_an_end_token_inside_a_text_is_scored(student, reference, rng, models):
    """An end token that stands in the text counts, although padding has its id.

    es: Un token de fin que está en el texto cuenta, aunque el relleno tenga su id.
    """
    tokenizer, cases = padding_tokenizer(models), []
    for _ in range(2):
        first, second = uneven(reference, rng, tokenizer, 2)
        cases.append((drawn_gpt2(models), tokenizer, [f"{first}{END}{second}"]))
    assert_agree(student.perplexity, reference.perplexity, cases)


@pytest.mark.rests_on("test_perplexity_is_e_to_the_mean_loss")
def test_a_text_of_one_token_counts_for_nothing(student, reference, rng, models):
    """A text of one token has nothing to score and changes nothing.

    es: Un texto de un solo token no tiene nada que puntuar y no cambia nada.
    """
    tokenizer, cases = padding_tokenizer(models), []
    while len(cases) < 2:
        alone = reference.text_of(tokenizer, rng.integers(990, size=1))
        if alone is not None and alone.isascii():
            text = sentences(rng, 1)[0]
            cases.append((drawn_gpt2(models), tokenizer, [alone, text] if cases else [text, alone]))
    assert_agree(student.perplexity, reference.perplexity, cases)


def test_a_text_within_one_window_is_read_whole(student, reference, rng, models):
    """Where the window holds the whole text, its perplexity is e to the mean of its losses.

    es: Si la ventana abarca todo el texto, su perplejidad es e elevado a la media de sus pérdidas.
    """
    cases = [(drawn_gpt2(models), drawn_ids(rng, seq), window, window - 1) for seq, window in ((9, 9), (6, 11), (2, 5))]
    assert_agree(student.sliding_perplexity, reference.sliding_perplexity, cases)


@pytest.mark.rests_on("test_a_text_within_one_window_is_read_whole")
def test_each_token_is_scored_once_in_its_first_window(student, reference, rng, models):
    """Windows overlap: a token is scored in the first window that holds it, and in no other.

    es: Las ventanas se solapan: un token se puntúa en la primera ventana que lo contiene y en ninguna otra.
    """
    shapes = ((8, 3, 17), (9, 7, 23), (6, 2, 12))  # window, step, seq; the last window is full
    cases = [(drawn_gpt2(models), drawn_ids(rng, seq), window, step) for window, step, seq in shapes]
    assert_agree(student.sliding_perplexity, reference.sliding_perplexity, cases)


@pytest.mark.rests_on("test_each_token_is_scored_once_in_its_first_window")
def test_the_last_window_holds_what_is_left(student, reference, rng, models):
    """The tokens behind the last full window are scored in a shorter one.

    es: Los tokens que quedan tras la última ventana completa se puntúan en una más corta.
    """
    shapes = ((8, 3, 19), (9, 7, 18), (6, 4, 13))
    cases = [(drawn_gpt2(models), drawn_ids(rng, seq), window, step) for window, step, seq in shapes]
    assert_agree(student.sliding_perplexity, reference.sliding_perplexity, cases)


def test_a_measurement_uses_no_dropout_and_changes_nothing(student, reference, rng, models):
    """Dropout is off even if the model arrives in training mode, and what was handed in stays as it was.

    es: El dropout no actúa aunque el modelo llegue en modo de entrenamiento, y lo recibido queda como estaba.
    """
    tokenizer = padding_tokenizer(models)
    for seq in (5, 4):
        student.token_losses(*drawn_logits(rng, 2, seq, 6))  # its values have checks of their own
        assert_unchanged(student)
    for count in (2, 3):
        case = drawn_gpt2(models, train=True), tokenizer, uneven(reference, rng, tokenizer, count)
        assert_agree(student.perplexity, reference.perplexity, [case])
        assert_unchanged(student)
        case = drawn_gpt2(models, train=True), drawn_ids(rng, 7 + count), 5, 3
        assert_agree(student.sliding_perplexity, reference.sliding_perplexity, [case])
        assert_unchanged(student)
