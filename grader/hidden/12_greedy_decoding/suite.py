"""Hidden checks of 12_greedy_decoding.

Most checks use planted models that walk through the whole vocabulary in a drawn order: every token has one likeliest
successor, no token comes twice, and each choice leads by 0.4 at least. All logits are negative, so a logit that
dropout sets to zero wins. Where the past matters, a drawn GPT-2 stands in, with prompts whose choices are clear.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.suite import assert_agree, assert_unchanged

VOCAB = 29
CLEAR = 0.02


class Walk:
    """A drawn order of the vocabulary, and planted models that follow it."""

    def __init__(self, models, rng):
        self.order = rng.permutation(VOCAB)
        self.table = rng.uniform(-3.0, -1.5, size=(VOCAB, VOCAB))
        self.table[self.order, np.roll(self.order, -1)] = rng.uniform(-1.1, -0.6, size=VOCAB)
        self.models, self.rng = models, rng

    def model(self, config_eos=None, train=False):
        return self.models.next_token(self.table, eos=config_eos, train=train)

    def after(self, token, steps):
        """Return the token that comes `steps` steps after `token`."""
        place = int(np.flatnonzero(self.order == token)[0])
        return int(self.order[(place + steps) % VOCAB])

    def prompt(self, seq, first=(), last=(), without=()):
        """Return drawn ids (1, seq), none of them twice, with these tokens at its ends."""
        middle = [t for t in self.rng.permutation(VOCAB) if t not in (*first, *last, *without)]
        return np.array([[*first, *middle[: seq - len(first) - len(last)], *last]], dtype=np.int64)


def test_each_new_token_is_the_likeliest_one(student, reference, rng, models):
    """The prompt is followed by the likeliest tokens, one after the other.

    es: Al prompt le siguen los tokens más probables, uno tras otro.
    """
    walks = Walk(models, rng), Walk(models, rng)
    assert_agree(
        student.greedy, reference.greedy, [(w.model(), w.prompt(seq), 5) for w, seq in zip(walks, (4, 6), strict=True)]
    )


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_each_new_token_depends_on_all_before_it(student, reference, rng, models):
    """The model sees the prompt and every new token, not only the last one.

    es: El modelo ve el prompt y cada token nuevo, no solo el último.
    """
    model, cases = models.twin("gpt2", "causal-lm"), []
    while len(cases) < 2:
        case = model, rng.integers(999, size=(1, 4 + len(cases))), 6
        if reference.smallest_margin(*case) >= CLEAR:
            cases.append(case)
    assert_agree(student.greedy, reference.greedy, cases)


def test_max_new_tokens_counts_new_tokens(student, reference, rng, models):
    """As many tokens are added as max_new_tokens says, however long the prompt is.

    es: Se añaden tantos tokens como dice max_new_tokens, por largo que sea el prompt.
    """
    walk = Walk(models, rng)
    cases = [(walk.model(), walk.prompt(seq), count) for seq, count in ((3, 7), (5, 6), (8, 2))]
    assert_agree(student.greedy, reference.greedy, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_no_new_tokens_give_the_prompt(student, reference, rng, models):
    """With max_new_tokens 0 the result is the prompt.

    es: Con max_new_tokens 0 el resultado es el prompt.
    """
    walk = Walk(models, rng)
    cases = [(walk.model(), walk.prompt(seq), count) for seq, count in ((4, 2), (5, 0), (2, 0))]
    assert_agree(student.greedy, reference.greedy, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_a_prompt_of_one_token_is_continued(student, reference, rng, models):
    """A single token is a prompt.

    es: Un solo token es un prompt.
    """
    walk = Walk(models, rng)
    first, second = walk.prompt(2)[0]
    cases = [(walk.model(), np.array([[token]]), count) for token, count in ((first, 4), (second, 3))]
    assert_agree(student.greedy, reference.greedy, cases)


def test_the_end_token_ends_the_text(student, reference, rng, models):
    """Generation ends behind the first new end token, and keeps it.

    es: La generación acaba tras el primer token de fin nuevo, y lo conserva.
    """
    walk, cases = Walk(models, rng), []
    for seq, step in ((3, 2), (4, 4), (2, 1)):
        eos = int(rng.integers(1, VOCAB))
        cases.append((walk.model(eos), walk.prompt(seq, last=[walk.after(eos, -step)], without=[eos]), 6, eos))
    assert_agree(student.greedy, reference.greedy, cases)


@pytest.mark.rests_on("test_the_end_token_ends_the_text")
def test_the_end_token_can_be_token_0(student, reference, rng, models):
    """The end token can have the id 0.

    es: El token de fin puede tener el id 0.
    """
    walk, cases = Walk(models, rng), []
    for seq, step in ((3, 2), (4, 3)):
        cases.append((walk.model(0), walk.prompt(seq, last=[walk.after(0, -step)], without=[0]), 6, 0))
    assert_agree(student.greedy, reference.greedy, cases)


@pytest.mark.rests_on("test_the_end_token_ends_the_text")
def test_an_end_token_in_the_prompt_ends_nothing(student, reference, rng, models):
    """An end token inside the prompt, or at its end, is a token like any other.

    es: Un token de fin dentro del prompt, o al final de él, es un token como los demás.
    """
    walk, eos = Walk(models, rng), int(rng.integers(1, VOCAB))
    prompts = (
        walk.prompt(4, first=[eos], last=[walk.after(eos, 3)]),  # the walk is far from it
        walk.prompt(3, last=[eos]),
        walk.prompt(5, first=[eos], last=[walk.after(eos, -2)]),  # and here it comes again, and ends the text
    )
    assert_agree(student.greedy, reference.greedy, [(walk.model(eos), ids, 5, eos) for ids in prompts])


@pytest.mark.rests_on("test_the_end_token_ends_the_text")
def test_the_caller_names_the_end_token(student, reference, rng, models):
    """The end token is `eos` and no other; with None, only max_new_tokens ends the text.

    es: El token de fin es `eos` y ningún otro; con None, solo max_new_tokens pone fin al texto.
    """
    walk, cases = Walk(models, rng), []
    for seq, eos_step in ((3, None), (5, 4), (4, None)):
        ids = walk.prompt(seq)
        model = walk.model(config_eos=walk.after(ids[0, -1], 2))
        cases.append((model, ids, 6, None if eos_step is None else walk.after(ids[0, -1], eos_step)))
    assert_agree(student.greedy, reference.greedy, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_a_model_in_training_mode_generates_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    walk = Walk(models, rng)
    assert_agree(student.greedy, reference.greedy, [(walk.model(train=True), walk.prompt(seq), 6) for seq in (3, 4)])


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """The prompt, the weights and the config are left as they were.

    es: El prompt, los pesos y la config quedan como estaban.
    """
    walk = Walk(models, rng)
    for seq in (3, 5):
        assert_agree(student.greedy, reference.greedy, [(walk.model(), walk.prompt(seq), 4)])
        assert_unchanged(student)
