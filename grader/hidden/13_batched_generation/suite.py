"""Hidden checks of 13_batched_generation.

The model is a drawn GPT-2, and the tokenizer comes without padding token, as it is loaded. Prompts are redrawn until
each choice on their way leads clearly. An end token that comes early is planted: a token that the continuation of a
prompt has is made the end token of model and tokenizer, or one more of the model's.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_that

CLEAR = 0.02
END = "<|endoftext|>"


def gpt2(models, train=False):
    """Return (model, tokenizer)."""
    return models.twin("gpt2", "causal-lm", train=train), models.tokenizer("gpt2")


def beginning(rng, words):
    """Return the first words of a sentence."""
    text = sentences(rng, 1)[0].split()
    return " ".join(text[:words])


def begins_inside_a_word(tokens):
    """Return whether the text of these tokens has no space at its ends."""
    return not tokens[0].startswith(("Ġ", "Ċ")) and not tokens[-1].endswith(("Ġ", "Ċ"))


def clear(reference, model, tokenizer, steps, draw, wanted=begins_inside_a_word):
    """Return a prompt from `draw` whose continuation is clear and has the tokens that are wanted.

    Without a space at its ends, unless a check is about that space.
    """
    while True:
        prompt = draw()
        tokens, _, lead = reference.walk(model, tokenizer, prompt, steps)
        if lead >= CLEAR and END not in tokens and wanted(tokens):
            return prompt


def prompts(reference, rng, model, tokenizer, steps, *words):
    """Return clear prompts of so many words, for so many steps."""
    return [clear(reference, model, tokenizer, steps, lambda n=n: beginning(rng, n)) for n in words]


def ending_early(reference, rng, model, tokenizer, steps, *words):
    """Return a case, a token and its id: one text has it after a few others, the other texts later or never."""
    while True:
        these = prompts(reference, rng, model, tokenizer, steps, *words)
        walks = [reference.walk(model, tokenizer, prompt, steps) for prompt in these]
        tokens, ids, _ = walks[0]
        for step in (1, 2, 3):
            # A token that begins with a space: its entry, with Ġ, stands in no text, so the texts stay as they are.
            first = ids.index(ids[step]) == step and tokens[step].startswith("Ġ")
            if first and all(ids[step] not in other[: step + 2] for _, other, _ in walks[1:]):
                order = rng.permutation(len(these))
                return model, tokenizer, [these[i] for i in order], steps, tokens[step], ids[step]


def test_a_prompt_is_continued_with_new_text_only(student, reference, rng, models):
    """One prompt gives the text of the likeliest tokens after it, without the prompt.

    es: Un prompt da el texto de los tokens más probables tras él, sin el prompt.
    """
    model, tokenizer = gpt2(models)
    cases = [(model, tokenizer, [prompt], 6) for prompt in prompts(reference, rng, model, tokenizer, 6, 2, 4, 3)]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


def test_a_batch_gives_what_each_prompt_gives_alone(student, reference, rng, models):
    """Prompts of different length are continued together as each one alone.

    es: Prompts de distinta longitud continúan juntos como cada uno solo.
    """
    model, tokenizer = gpt2(models)
    cases = [
        (model, tokenizer, prompts(reference, rng, model, tokenizer, 6, *words), 6) for words in ((1, 6, 3), (5, 1))
    ]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


def test_max_new_tokens_counts_new_tokens(student, reference, rng, models):
    """As many tokens are made as max_new_tokens says, however long the prompt is.

    es: Se generan tantos tokens como dice max_new_tokens, por largo que sea el prompt.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for words, steps in ((5, 1), (1, 24), (3, 20)):
        cases.append((model, tokenizer, prompts(reference, rng, model, tokenizer, steps, words), steps))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_the_space_before_a_word_is_kept(student, reference, rng, models):
    """New text that begins with a word begins with its space, and a piece of a word without one.

    es: El texto nuevo que empieza por una palabra empieza con su espacio; un trozo de palabra, sin él.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for spaced in (True, False, True):
        prompt = clear(
            reference, model, tokenizer, 4, lambda: beginning(rng, 3), lambda t, s=spaced: t[0].startswith("Ġ") == s
        )
        cases.append((model, tokenizer, [prompt], 4))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_batch_gives_what_each_prompt_gives_alone")
def test_each_text_ends_for_itself(student, reference, rng, models):
    """An end token ends its own text, of which nothing but the text is left; the others go on.

    es: Un token de fin pone fin a su propio texto, del que solo queda el texto; los demás continúan.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for words in ((3, 3), (2, 5, 1)):
        *case, end, end_id = ending_early(reference, rng, model, tokenizer, 7, *words)
        case[0] = replace(model, options=model.options | {"eos_token_id": end_id})
        case[1] = replace(tokenizer, options=tokenizer.options | {"eos_token": end})
        cases.append(tuple(case))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_each_text_ends_for_itself")
def test_the_model_can_have_more_end_tokens(student, reference, rng, models):
    """Each end token of the model ends a text, also one that the tokenizer does not name as its own.

    es: Cada token de fin del modelo pone fin a un texto, también el que el tokenizer no da por suyo.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for words in ((3, 2), (4, 1)):
        _, _, these, steps, end, end_id = ending_early(reference, rng, model, tokenizer, 7, *words)
        ends = [reference.end_of(tokenizer), end_id]
        named = replace(tokenizer, options=tokenizer.options | {"additional_special_tokens": [end]})
        cases.append((models.generating(model, eos_token_id=ends), named, these, steps))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_an_end_token_in_a_prompt_is_a_token(student, reference, rng, models):
    """An end token inside a prompt belongs to the prompt, although padding has the same id.

    es: Un token de fin dentro de un prompt es parte de él, aunque el relleno tenga el mismo id.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for words in ((2, 2), (4, 1)):
        marked = clear(reference, model, tokenizer, 6, lambda n=words[0]: END + beginning(rng, n))
        inside = clear(
            reference, model, tokenizer, 6, lambda n=words[1]: f"{beginning(rng, n)}{END}{beginning(rng, 2)}"
        )
        cases += [(model, tokenizer, [prompt], 6) for prompt in (marked, inside)]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_a_prompt_that_comes_again_stays_in_the_text(student, reference, rng, models):
    """New text that repeats the prompt keeps the repetition.

    es: El texto nuevo que repite el prompt conserva la repetición.
    """
    model, tokenizer = gpt2(models)
    cases = []
    for _ in range(2):
        prompt = ""
        while not prompt or prompt not in reference.continue_texts(model, tokenizer, [prompt], 8)[0]:
            prompt = clear(reference, model, tokenizer, 8, lambda: str(rng.choice(list("aeiorstnl"))))
        cases.append((model, tokenizer, [prompt], 8))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_a_model_in_training_mode_generates_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    model, tokenizer = gpt2(models)
    these = prompts(reference, rng, model, tokenizer, 12, 3, 5)
    trained = replace(model, options=model.options | {"train": True})
    cases = [(trained, tokenizer, [prompt], 12) for prompt in these]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_nothing_is_drawn(student, reference, rng, models):
    """The likeliest tokens are taken, also where the model's generation_config says that tokens are drawn.

    es: Se toman los tokens más probables, aunque la generation_config del modelo diga que se muestrea.
    """
    model, tokenizer = gpt2(models)
    drawing = models.generating(model, do_sample=True, temperature=3.0)
    cases = [(drawing, tokenizer, [prompt], 8) for prompt in prompts(reference, rng, model, tokenizer, 8, 3, 4)]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_batch_gives_what_each_prompt_gives_alone")
def test_the_model_stays_as_it_was(student, reference, rng, models):
    """Weights and config are left as they were: a padding token needs no change of the model.

    es: Los pesos y la config quedan como estaban: un token de relleno no requiere cambiar el modelo.
    """
    model, tokenizer = gpt2(models)
    for words in ((1, 4), (5, 2)):
        these = prompts(reference, rng, model, tokenizer, 5, *words)
        assert_agree(student.continue_texts, reference.continue_texts, [(model, tokenizer, these, 5)])
        changed = [name for name in student.last.changed if name.endswith((".weights", ".config"))]
        assert_that(
            not changed,
            f"It changed what it was given: {', '.join(changed)}.",
            f"Cambió lo que recibió: {', '.join(changed)}.",
        )
