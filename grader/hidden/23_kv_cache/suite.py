"""Hidden checks of 23_kv_cache.

The models are drawn GPT-2. Prompts come from a pool, of which only those are taken whose every choice is clear, so that
the noise between a cached and an uncached forward changes no token.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader import wire
from grader.judge.suite import ANY, assert_agree, assert_same, assert_that, assert_unchanged

STEPS, CLEAR, PADDING = 6, 0.02, 999
TOKENS_ONLY = [1]  # a check of tokens does not look at how many were read


def left_padded(rng, lengths):
    """Return ids and mask of drawn prompts with these lengths."""
    mask = (np.arange(max(lengths)) >= max(lengths) - np.array(lengths)[:, None]).astype(np.int64)
    return np.where(mask, rng.integers(990, size=mask.shape), PADDING), mask


def clear_case(reference, rng, models, lengths, train=False):
    """Return (model, ids, mask): prompts with these lengths whose continuations are clear for STEPS steps."""
    while True:
        model = models.twin("gpt2", "causal-lm", train=train)
        ids, mask = left_padded(rng, [*lengths] * 6)
        leads = reference.leads(model, ids, mask, STEPS)
        rows = []
        for place in range(len(lengths)):
            same_length = np.arange(place, len(ids), len(lengths))
            clear = same_length[leads[same_length] >= CLEAR]
            rows += [clear[0]] if len(clear) else []
        if len(rows) == len(lengths):
            return model, ids[rows], mask[rows]


def test_a_position_counts_the_tokens_before_it(student, reference, rng):
    """The first real token of each text has position 0, however much padding stands before it.

    es: El primer token real de cada texto tiene la posición 0, haya el relleno que haya antes.
    """
    cases = [(left_padded(rng, lengths)[1],) for lengths in ((3, 7, 5), (6, 2))]
    assert_agree(student.positions, reference.positions, cases)


@pytest.mark.rests_on("test_a_position_counts_the_tokens_before_it")
def test_padding_has_position_0_on_either_side(student, reference, rng):
    """Padding behind a text, or between its tokens, has position 0 and moves no token's position.

    es: El relleno tras un texto, o entre sus tokens, tiene la posición 0 y no mueve la de ningún token.
    """
    cases = []
    for batch, seq in ((3, 7), (2, 9)):
        mask = rng.integers(2, size=(batch, seq))
        mask[:, 0], mask[:, 2], mask[:, 3], mask[:, -1] = 1, 0, 1, 0
        cases.append((mask,))
    assert_agree(student.positions, reference.positions, cases)


def test_new_tokens_are_those_without_a_cache(student, reference, rng, models):
    """Each new token is the likeliest one after all tokens before it.

    es: Cada token nuevo es el más probable tras todos los tokens anteriores.
    """
    cases = [(*clear_case(reference, rng, models, lengths), STEPS) for lengths in ((5, 5), (4, 4, 4))]
    assert_agree(student.greedy_cached, reference.greedy_cached, cases, ignoring=TOKENS_ONLY)


@pytest.mark.rests_on("test_new_tokens_are_those_without_a_cache")
def test_no_token_is_read_twice(student, reference, rng, models):
    """The model reads the whole prompt once, and then the newest token alone.

    es: El modelo lee el prompt entero una vez, y después solo el token más reciente.
    """
    for lengths, steps in (((5, 5), 4), ((7, 7), 6), ((3, 6), 5)):
        case = (*clear_case(reference, rng, models, lengths), steps)
        result = student.greedy_cached(*case)
        tokens = sum(forward["shape"][0] * forward["shape"][1] for forward in student.last.forwards if forward["shape"])
        new, read = reference.greedy_cached(*case)
        assert_same(result, (new if lengths[0] == lengths[1] else ANY, read))  # padding has a check of its own
        assert_that(
            tokens <= 2 * (max(lengths) + steps),  # two prompts; the last new token may be read too
            "The model read more tokens than the result says.",
            "El modelo leyó más tokens de los que dice el resultado.",
            tokens,
        )


@pytest.mark.rests_on("test_new_tokens_are_those_without_a_cache")
def test_padding_on_the_left_changes_no_token(student, reference, rng, models):
    """A prompt in a batch of uneven ones is continued as it is alone.

    es: Un prompt en un lote de longitudes desiguales se continúa igual que solo.
    """
    cases = [(*clear_case(reference, rng, models, lengths), STEPS) for lengths in ((2, 8, 4), (9, 3, 5), (3, 7))]
    assert_agree(student.greedy_cached, reference.greedy_cached, cases, ignoring=TOKENS_ONLY)


@pytest.mark.rests_on("test_new_tokens_are_those_without_a_cache")
def test_one_prompt_of_one_token_is_continued(student, reference, rng, models):
    """A batch can hold one prompt, and a prompt can be one token.

    es: Un lote puede tener un solo prompt, y un prompt puede ser un solo token.
    """
    cases = [(*clear_case(reference, rng, models, lengths), STEPS) for lengths in ((1,), (1, 1), (4,))]
    assert_agree(student.greedy_cached, reference.greedy_cached, cases, ignoring=TOKENS_ONLY)


def test_max_new_tokens_counts_new_tokens(student, reference, rng, models):
    """There are as many new tokens as max_new_tokens says, without the prompt.

    es: Hay tantos tokens nuevos como dice max_new_tokens, sin el prompt.
    """
    case = clear_case(reference, rng, models, (4, 4))
    cases = [(*case, steps) for steps in (5, 1, 3)]
    assert_agree(student.greedy_cached, reference.greedy_cached, cases, ignoring=TOKENS_ONLY)


@pytest.mark.rests_on("test_new_tokens_are_those_without_a_cache")
def test_no_token_ends_a_text(student, reference, rng, models):
    """A text goes on behind the model's end-of-text token, and so do the others of its batch.

    es: Un texto sigue tras el token de fin de texto del modelo, y también los demás de su lote.
    """
    cases = []
    for batch in (1, 2):
        while True:
            model, ids, mask = clear_case(reference, rng, models, (5,) * batch)
            new, _ = reference.greedy_cached(model, ids, mask, STEPS)
            end = int(new[0, 1])
            if end not in new[1:] and (new[0, 2:] != end).all():
                break
        ending = wire.Made(model.maker, {**model.options, "eos_token_id": end})
        cases.append((ending, ids, mask, STEPS))
    assert_agree(student.greedy_cached, reference.greedy_cached, cases, ignoring=TOKENS_ONLY)


@pytest.mark.rests_on("test_new_tokens_are_those_without_a_cache")
def test_a_model_in_training_mode_generates_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    cases = [(*clear_case(reference, rng, models, (seq, seq), train=True), STEPS) for seq in (4, 6)]
    assert_agree(student.greedy_cached, reference.greedy_cached, cases, ignoring=TOKENS_ONLY)


@pytest.mark.rests_on("test_padding_on_the_left_changes_no_token")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """Ids, mask, weights and config are left as they were, by both functions.

    es: Las dos funciones dejan los ids, la máscara, los pesos y la config como estaban.
    """
    for lengths in ((3, 6), (7, 2)):
        assert_agree(student.positions, reference.positions, [(left_padded(rng, lengths)[1],)])
        assert_unchanged(student)
        case = (*clear_case(reference, rng, models, lengths), STEPS)
        assert_agree(student.greedy_cached, reference.greedy_cached, [case], ignoring=TOKENS_ONLY)
        assert_unchanged(student)
