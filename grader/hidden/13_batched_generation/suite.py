"""Hidden checks of 13_batched_generation.

The model is a drawn GPT-2, and the tokenizer comes without padding token, as it is loaded. Prompts are redrawn until
each choice on their way leads clearly, and with them the model, as not every one has what a check looks for. An end
token that comes early is planted: a token that the continuation of a prompt has is made the end token of model and
tokenizer, or one more of the model's.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_that

CLEAR = 0.02
TRIES = 40  # of a prompt, before another model is drawn
END = "<|endoftext|>"


def gpt2(models):
    """Return (model, tokenizer)."""
    return models.twin("gpt2", "causal-lm"), models.tokenizer("gpt2")


def with_one_model(models, *draws):
    """Return a case for each of `draws`, all with one model.

    Each takes model and tokenizer and returns the rest of its case, or None where this model does not have it.
    """
    while True:
        pair, rests = gpt2(models), []
        for draw in draws:
            rest = draw(*pair)
            if rest is None:
                break
            rests.append(rest)
        if len(rests) == len(draws):
            return [(*pair, *rest) for rest in rests]


def beginning(rng, words):
    """Return the first words of a sentence."""
    text = sentences(rng, 1)[0].split()
    return " ".join(text[:words])


def begins_inside_a_word(tokens):
    """Return whether the text of these tokens has no space at its ends."""
    return not tokens[0].startswith(("Ġ", "Ċ")) and not tokens[-1].endswith(("Ġ", "Ċ"))


def clear(reference, model, tokenizer, steps, draw, wanted=begins_inside_a_word, tries=TRIES):
    """Return a prompt from `draw` whose continuation is clear and has the tokens that are wanted, or None.

    Without a space at its ends, unless a check is about that space.
    """
    for _ in range(tries):
        prompt = draw()
        tokens, _, lead = reference.walk(model, tokenizer, prompt, steps)
        if lead >= CLEAR and END not in tokens and wanted(tokens):
            return prompt
    return None


def prompts(reference, rng, steps, *words):
    """Return a draw of clear prompts of so many words, for so many steps."""

    def draw(model, tokenizer):
        these = [clear(reference, model, tokenizer, steps, lambda n=n: beginning(rng, n)) for n in words]
        return None if None in these else (these, steps)

    return draw


def ending_early(reference, rng, steps, *words):
    """Return a draw of prompts, a token and its id: one text has it after a few others, the rest later or never."""

    def draw(model, tokenizer):
        for _ in range(TRIES):
            found = prompts(reference, rng, steps, *words)(model, tokenizer)
            if found is None:
                return None
            these, _ = found
            walks = [reference.walk(model, tokenizer, prompt, steps) for prompt in these]
            tokens, ids, _ = walks[0]
            for step in (1, 2, 3):
                # One that begins with a space: its entry, with Ġ, stands in no text, so the texts stay as they are.
                first = ids.index(ids[step]) == step and tokens[step].startswith("Ġ")
                if first and all(ids[step] not in other[: step + 2] for _, other, _ in walks[1:]):
                    order = rng.permutation(len(these))
                    return [these[i] for i in order], steps, tokens[step], ids[step]
        return None

    return draw


def test_a_prompt_is_continued_with_new_text_only(student, reference, rng, models):
    """One prompt gives the text of the likeliest tokens after it, without the prompt.

    es: Un prompt da el texto de los tokens más probables tras él, sin el prompt.
    """
    cases = with_one_model(models, *(prompts(reference, rng, 6, words) for words in (2, 4, 3)))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


def test_a_batch_gives_what_each_prompt_gives_alone(student, reference, rng, models):
    """Prompts of different length are continued together as each one alone.

    es: Prompts de distinta longitud continúan juntos como cada uno solo.
    """
    cases = with_one_model(models, *(prompts(reference, rng, 6, *words) for words in ((1, 6, 3), (5, 1))))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


def test_max_new_tokens_counts_new_tokens(student, reference, rng, models):
    """As many tokens are made as max_new_tokens says, however long the prompt is.

    es: Se generan tantos tokens como dice max_new_tokens, por largo que sea el prompt.
    """
    draws = [prompts(reference, rng, steps, words) for words, steps in ((5, 1), (1, 24), (3, 20))]
    cases = with_one_model(models, *draws)
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_the_space_before_a_word_is_kept(student, reference, rng, models):
    """New text that begins with a word begins with its space, and a piece of a word without one.

    es: El texto nuevo que empieza por una palabra empieza con su espacio; un trozo de palabra, sin él.
    """

    def draw(spaced):
        def drawn(model, tokenizer):
            wanted = lambda tokens: tokens[0].startswith("Ġ") == spaced  # noqa: E731
            prompt = clear(reference, model, tokenizer, 4, lambda: beginning(rng, 3), wanted)
            return prompt and ([prompt], 4)

        return drawn

    cases = with_one_model(models, *map(draw, (True, False, True)))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_batch_gives_what_each_prompt_gives_alone")
def test_each_text_ends_for_itself(student, reference, rng, models):
    """An end token ends its own text, of which nothing but the text is left; the others go on.

    es: Un token de fin pone fin a su propio texto, del que solo queda el texto; los demás continúan.
    """
    cases = []
    for words in ((3, 3), (2, 5, 1)):
        ((model, tokenizer, these, steps, end, end_id),) = with_one_model(
            models, ending_early(reference, rng, 7, *words)
        )
        model = replace(model, options=model.options | {"eos_token_id": end_id})
        cases.append((model, replace(tokenizer, options=tokenizer.options | {"eos_token": end}), these, steps))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_each_text_ends_for_itself")
def test_the_model_can_have_more_end_tokens(student, reference, rng, models):
    """Each end token of the model ends a text, also one that the tokenizer does not name as its own.

    es: Cada token de fin del modelo pone fin a un texto, también el que el tokenizer no da por suyo.
    """
    cases = []
    for words in ((3, 2), (4, 1)):
        ((model, tokenizer, these, steps, end, end_id),) = with_one_model(
            models, ending_early(reference, rng, 7, *words)
        )
        ends = [reference.end_of(tokenizer), end_id]
        named = replace(tokenizer, options=tokenizer.options | {"additional_special_tokens": [end]})
        cases.append((models.generating(model, eos_token_id=ends), named, these, steps))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_an_end_token_in_a_prompt_is_a_token(student, reference, rng, models):
    """An end token inside a prompt belongs to the prompt, although padding has the same id.

    es: Un token de fin dentro de un prompt es parte de él, aunque el relleno tenga el mismo id.
    """

    def draw(text):
        def drawn(model, tokenizer):
            prompt = clear(reference, model, tokenizer, 6, text)
            return prompt and ([prompt], 6)

        return drawn

    marked = [lambda n=words: END + beginning(rng, n) for words in (2, 4)]
    inside = [lambda n=words: f"{beginning(rng, n)}{END}{beginning(rng, 2)}" for words in (2, 1)]
    cases = with_one_model(models, *map(draw, marked + inside))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_the_spaces_of_a_prompt_are_part_of_it(student, reference, rng, models):
    """A prompt is continued as it is written, with two spaces between words or one at its end.

    es: Un prompt se continúa tal como está escrito, con dos espacios entre palabras o uno al final.
    """

    def draw(text):
        def drawn(model, tokenizer):
            prompt = clear(reference, model, tokenizer, 6, text)
            if prompt is None:
                return None
            as_written, tidied = reference.continue_texts(model, tokenizer, [prompt, " ".join(prompt.split())], 6)
            return ([prompt], 6) if as_written != tidied else None

        return drawn

    doubled = [lambda n=words: f"{beginning(rng, n)}  {beginning(rng, 2)}" for words in (1, 3)]
    trailing = [lambda n=words: beginning(rng, n) + " " for words in (2, 4)]
    cases = with_one_model(models, *map(draw, doubled + trailing))
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_a_prompt_that_comes_again_stays_in_the_text(student, reference, rng, models):
    """New text that repeats the prompt keeps the repetition.

    es: El texto nuevo que repite el prompt conserva la repetición.
    """

    def draw(model, tokenizer):
        for letter in rng.permutation(list("aeiorstnl")):
            prompt = clear(reference, model, tokenizer, 8, lambda letter=letter: str(letter), tries=1)
            if prompt and prompt in reference.continue_texts(model, tokenizer, [prompt], 8)[0]:
                return [prompt], 8
        return None

    cases = with_one_model(models, draw) + with_one_model(models, draw)
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_a_model_in_training_mode_generates_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    cases = with_one_model(models, *(prompts(reference, rng, 12, words) for words in (3, 5)))
    cases = [(replace(model, options=model.options | {"train": True}), *case) for model, *case in cases]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_prompt_is_continued_with_new_text_only")
def test_nothing_is_drawn(student, reference, rng, models):
    """The likeliest tokens are taken, also where the model's generation_config says that tokens are drawn.

    es: Se toman los tokens más probables, aunque la generation_config del modelo diga que se muestrea.
    """
    cases = with_one_model(models, *(prompts(reference, rng, 8, words) for words in (3, 4)))
    cases = [(models.generating(model, do_sample=True, temperature=3.0), *case) for model, *case in cases]
    assert_agree(student.continue_texts, reference.continue_texts, cases)


@pytest.mark.rests_on("test_a_batch_gives_what_each_prompt_gives_alone")
def test_the_model_stays_as_it_was(student, reference, rng, models):
    """Weights and config are left as they were: a padding token needs no change of the model.

    es: Los pesos y la config quedan como estaban: un token de relleno no requiere cambiar el modelo.
    """
    for case in with_one_model(models, *(prompts(reference, rng, 5, *words) for words in ((1, 4), (5, 2)))):
        assert_agree(student.continue_texts, reference.continue_texts, [case])
        changed = [name for name in student.last.changed if name.endswith((".weights", ".config"))]
        assert_that(
            not changed,
            f"It changed what it was given: {', '.join(changed)}.",
            f"Cambió lo que recibió: {', '.join(changed)}.",
        )
