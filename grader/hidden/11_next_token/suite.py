"""Hidden checks of 11_next_token.

The model is a drawn GPT-2, whose logits depend on every token and on its position. Padding is the end token, as in the
lesson. Texts of a batch have different lengths, one of them a single token. Orders of tokens are clear.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_unchanged

END, END_ID, VOCAB = "<|endoftext|>", 999, 1000
SINGLE = ["The", "She", "This", "He", "My"]  # one token each
CLEAR = 0.02


def gpt2(models, train=False):
    """Return (model, tokenizer); the tokenizer pads with the end token."""
    return models.twin("gpt2", "causal-lm", train=train), models.tokenizer("gpt2", pad_token=END)


def beginning(rng, words):
    """Return the first words of a sentence."""
    return " ".join(sentences(rng, 1)[0].split()[:words])


def texts(rng, *words):
    """Return beginnings with so many words; 0 stands for a single token."""
    return [beginning(rng, count) if count else str(rng.choice(SINGLE)) for count in words]


def batch(models, model, tokenizer, these, **options):
    """Return the arguments of `next_logits` for these texts."""
    return model, models.encoding(tokenizer, these, **options)


def clear(reference, rng, model, tokenizer, *ks):
    """Return a case of `top_next` for each k, whose tokens lead clearly over the next ones."""
    cases = []
    for k in ks:
        text = beginning(rng, int(rng.integers(1, 5)))
        while reference.lead(model, tokenizer, text, k) < CLEAR:
            text = beginning(rng, int(rng.integers(1, 5)))
        cases.append((model, tokenizer, text, k))
    return cases


def planted(rng, models, k):
    """Return a case of `top_next` in which the end token is one of the k likeliest."""
    logits = rng.permutation(VOCAB) * 0.03
    place = int(np.argsort(-logits)[rng.integers(k)])
    logits[[place, END_ID]] = logits[[END_ID, place]]
    return models.next_token(np.tile(logits, (VOCAB, 1))), models.tokenizer("gpt2"), beginning(rng, 3), k


def test_the_logits_stand_at_the_last_token(student, reference, rng, models):
    """One text gives one row: the logits at its last token.

    es: Un texto da una fila: los logits de su último token.
    """
    model, tokenizer = gpt2(models)
    cases = [batch(models, model, tokenizer, [text]) for text in texts(rng, 3, 5, 0)]
    assert_agree(student.next_logits, reference.next_logits, cases)


@pytest.mark.rests_on("test_the_logits_stand_at_the_last_token")
def test_padding_on_the_right(student, reference, rng, models):
    """With padding on the right, each row gives what its text gives alone.

    es: Con el relleno a la derecha, cada fila da lo que su texto da solo.
    """
    model, tokenizer = gpt2(models)
    cases = [batch(models, model, tokenizer, texts(rng, *words)) for words in ((6, 0, 3), (0, 5))]
    cases.append(batch(models, model, tokenizer, texts(rng, 4, 2), padding="max_length", max_length=80))
    assert_agree(student.next_logits, reference.next_logits, cases)


@pytest.mark.rests_on("test_the_logits_stand_at_the_last_token")
def test_padding_on_the_left(student, reference, rng, models):
    """With padding on the left, each row gives what its text gives alone.

    es: Con el relleno a la izquierda, cada fila da lo que su texto da solo.
    """
    model, tokenizer = gpt2(models)
    cases = [batch(models, model, tokenizer, texts(rng, *words), padding_side="left") for words in ((6, 0, 3), (0, 5))]
    assert_agree(student.next_logits, reference.next_logits, cases)


@pytest.mark.rests_on("test_the_logits_stand_at_the_last_token")
def test_an_end_token_of_the_text_is_not_padding(student, reference, rng, models):
    """An end token in the text is a token of the text, although padding has the same id.

    es: Un token de fin dentro del texto es un token del texto, aunque el relleno tenga el mismo id.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for side in ("right", "left"):
        first, second, third = texts(rng, 4, 2, 3)
        these = [END + first, second + END, f"{third}{END}{first}"]
        cases.append(batch(models, model, tokenizer, these, padding_side=side))
    assert_agree(student.next_logits, reference.next_logits, cases)


@pytest.mark.rests_on("test_the_logits_stand_at_the_last_token")
def test_a_model_in_training_mode_predicts_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    model, tokenizer = gpt2(models, train=True)
    cases = [batch(models, model, tokenizer, [text]) for text in texts(rng, 4, 6)]
    assert_agree(student.next_logits, reference.next_logits, cases)


@pytest.mark.rests_on("test_the_logits_stand_at_the_last_token")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """The encoding, the weights and the config are left as they were.

    es: La codificación, los pesos y la config quedan como estaban.
    """
    model, tokenizer = gpt2(models)
    for text in texts(rng, 3, 5):
        assert_agree(student.next_logits, reference.next_logits, [batch(models, model, tokenizer, [text])])
        assert_unchanged(student)


def test_the_likeliest_tokens_come_first(student, reference, rng, models):
    """The likeliest next tokens, from the likeliest down.

    es: Los tokens siguientes más probables, del más probable hacia abajo.
    """
    cases = clear(reference, rng, *gpt2(models), 5, 5, 5)
    assert_agree(student.top_next, reference.top_next, cases, ignoring=[1])


@pytest.mark.rests_on("test_the_likeliest_tokens_come_first")
def test_scores_are_probabilities_among_all_tokens(student, reference, rng, models):
    """The score is the token's probability in the whole vocabulary, however many tokens are asked for.

    es: El score es la probabilidad del token en todo el vocabulario, se pidan los tokens que se pidan.
    """
    assert_agree(student.top_next, reference.top_next, clear(reference, rng, *gpt2(models), 5, 5, 5))


@pytest.mark.rests_on("test_the_likeliest_tokens_come_first")
def test_the_end_token_can_be_one_of_them(student, reference, rng, models):
    """The end token is a token like any other, and stands where its probability puts it.

    es: El token de fin es un token como los demás, y está donde lo pone su probabilidad.
    """
    assert_agree(student.top_next, reference.top_next, [planted(rng, models, k) for k in (5, 3)], ignoring=[1])


@pytest.mark.rests_on("test_the_likeliest_tokens_come_first")
def test_k_says_how_many(student, reference, rng, models):
    """As many tokens as k says; one is a list of one.

    es: Tantos tokens como diga k; uno es una lista de uno.
    """
    cases = clear(reference, rng, *gpt2(models), 1, 7, 2)
    assert_agree(student.top_next, reference.top_next, cases, ignoring=[1])


@pytest.mark.rests_on("test_scores_are_probabilities_among_all_tokens")
def test_top_next_uses_no_dropout(student, reference, rng, models):
    """`top_next` predicts without dropout too.

    es: `top_next` también predice sin dropout.
    """
    cases = clear(reference, rng, *gpt2(models, train=True), 5, 5)
    assert_agree(student.top_next, reference.top_next, cases)
