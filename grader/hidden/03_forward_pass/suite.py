"""Hidden checks of 03_forward_pass.

Texts in a batch differ in length by a factor of five or more. Tokenizers are those of several families: other padding
ids, with and without token types, padded on either side. Where attention matters a drawn twin answers, elsewhere a
planted classifier that knows its texts.
"""

from __future__ import annotations

import pytest

from grader.judge.draws import sentences, uneven_logits
from grader.judge.suite import assert_agree, assert_same, assert_that, assert_unchanged

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
BERT, MULTILINGUAL = "bert-base-uncased", "bert-base-multilingual-cased"
BETO, XLM_R, BNE = "dccuchile/bert-base-spanish-wwm-cased", "xlm-roberta-base", "PlanTL-GOB-ES/roberta-base-bne"
LABELS = {0: "NEU", 1: "POS", 2: "NEG"}


def uneven_texts(rng, count=4):
    """Return `count` texts, 4 or more: the first of middle length, one of two words, one of four sentences or more."""
    drawn = sentences(rng, count + 4)
    short, long = " ".join(drawn[1].split()[:2]), " ".join(drawn[count:])
    return [drawn[0], long, *drawn[2 : count - 1], short]


def known_texts(models, rng, count=4, kind="classifier", **options):
    """Return (model, tokenizer, texts): a planted model with a row of its own for each text."""
    tokenizer = models.tokenizer(SST2, **options)
    texts, rows = uneven_texts(rng, count), uneven_logits(rng, count, len(LABELS))
    return getattr(models, kind)(tokenizer, dict(zip(texts, rows, strict=True)), LABELS), tokenizer, texts


def drawn_model(models, name=SST2, train=False, limit=None):
    """Return (model, tokenizer): a twin with three labels; the tokenizer truncates to `limit` tokens."""
    options = {} if limit is None else {"model_max_length": limit}
    return models.twin(name, "sequence-classification", labels=LABELS, train=train), models.tokenizer(name, **options)


def test_texts_become_ids_and_a_mask_of_one_length(student, reference, rng, models):
    """Texts of different length become one rectangle: padded to the longest, with a mask of the real tokens.

    es: Textos de distinta longitud forman un rectángulo: relleno hasta el más largo y máscara de los tokens reales.
    """
    cases = [(models.tokenizer(name), uneven_texts(rng, count)) for name, count in ((SST2, 4), (XLM_R, 5))]
    assert_agree(student.prepare, reference.prepare, cases)


@pytest.mark.rests_on("test_texts_become_ids_and_a_mask_of_one_length")
def test_padding_is_that_of_the_tokenizer(student, reference, rng, models):
    """Padding has the id and the side that the tokenizer says.

    es: El relleno tiene el id y el lado que dice el tokenizer.
    """
    sides = ((BETO, "right"), (BNE, "left"), (SST2, "left"))
    cases = [(models.tokenizer(name, padding_side=side), uneven_texts(rng)) for name, side in sides]
    assert_agree(student.prepare, reference.prepare, cases)


def test_a_pair_is_encoded_together(student, reference, rng, models):
    """Both texts of a pair are in one row, told apart by token types; of a pair that is too long the longer one is cut.

    es: Los dos textos de una pareja van en una fila, con tipos de token distintos; si no caben, se corta el más largo.
    """
    cases = []
    for name, count in ((BERT, 4), (MULTILINGUAL, 5)):
        cases.append((models.tokenizer(name), uneven_texts(rng, count), sentences(rng, count)))
    short, *_, long = sorted(uneven_texts(rng), key=len)
    for name, pair in ((BERT, [short, long]), (MULTILINGUAL, [long, short])):
        limit = int(rng.integers(14, 19))
        cases.append((models.tokenizer(name, model_max_length=limit), pair, pair[::-1]))
    assert_agree(student.prepare, reference.prepare, cases)


@pytest.mark.rests_on("test_texts_become_ids_and_a_mask_of_one_length")
def test_a_long_text_is_truncated_to_the_length_of_the_tokenizer(student, reference, rng, models):
    """A text longer than the tokenizer allows is truncated to what it allows, special tokens included.

    es: Un texto más largo de lo que permite el tokenizer se trunca a lo que permite, tokens especiales incluidos.
    """
    cases = []
    for name, low in ((SST2, 8), (BNE, 20)):
        tokenizer = models.tokenizer(name, model_max_length=int(rng.integers(low, low + 8)))
        cases.append((tokenizer, uneven_texts(rng)))
    cases.append((models.tokenizer(SST2), [*sentences(rng, 2), " ".join(sentences(rng, 90))]))
    assert_agree(student.prepare, reference.prepare, cases)


@pytest.mark.rests_on("test_texts_become_ids_and_a_mask_of_one_length")
def test_an_empty_text_is_a_text(student, reference, rng, models):
    """An empty text has a row like any other.

    es: Un texto vacío tiene una fila como cualquier otro.
    """
    cases = []
    for name, place in ((SST2, 0), (XLM_R, 2)):
        texts = uneven_texts(rng)
        cases.append((models.tokenizer(name), [*texts[:place], "", *texts[place:]]))
    assert_agree(student.prepare, reference.prepare, cases)


def test_each_text_has_its_logits_in_order(student, reference, rng, models):
    """Row i holds the logits of text i, as the model returns them.

    es: La fila i contiene los logits del texto i, tal como los devuelve el modelo.
    """
    assert_agree(student.logits, reference.logits, [known_texts(models, rng, count) for count in (4, 6)])


@pytest.mark.rests_on("test_each_text_has_its_logits_in_order")
def test_a_single_text_has_a_row(student, reference, rng, models):
    """One text gives one row, not a bare list of logits.

    es: Un texto da una fila, no una lista suelta de logits.
    """
    model, tokenizer, texts = known_texts(models, rng)
    assert_agree(student.logits, reference.logits, [(model, tokenizer, [text]) for text in texts[:2]])


@pytest.mark.rests_on("test_each_text_has_its_logits_in_order")
def test_a_model_in_training_mode_answers_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    model = drawn_model(models, train=True)
    assert_agree(student.logits, reference.logits, [(*model, uneven_texts(rng, count)) for count in (4, 5)])


@pytest.mark.rests_on("test_each_text_has_its_logits_in_order")
def test_a_text_has_the_same_logits_alone_and_in_a_batch(student, reference, rng, models):
    """Padding and the other texts change no logit, and a text that is too long is truncated.

    es: Ni el relleno ni los otros textos cambian ningún logit, y un texto demasiado largo se trunca.
    """
    for name, limit in ((SST2, None), (BETO, None), (SST2, int(rng.integers(8, 16)))):
        model, texts = drawn_model(models, name, limit=limit), uneven_texts(rng)
        together = student.logits(*model, texts)
        alone = [student.logits(*model, [text]) for text in texts]
        assert_same(together, reference.logits(*model, texts))
        for row, text in zip(alone, texts, strict=True):
            assert_same(row, reference.logits(*model, [text]))


@pytest.mark.rests_on("test_each_text_has_its_logits_in_order")
def test_the_model_knows_which_text_is_which_in_a_pair(student, reference, rng, models):
    """The token types of a pair reach the model.

    es: Los tipos de token de una pareja llegan al modelo.
    """
    cases = [(*drawn_model(models, name), uneven_texts(rng), sentences(rng, 4)) for name in (BERT, MULTILINGUAL)]
    assert_agree(student.logits, reference.logits, cases)


@pytest.mark.rests_on("test_each_text_has_its_logits_in_order")
def test_the_logits_carry_no_gradients(student, reference, rng, models):
    """The logits carry no gradients: `requires_grad` is false.

    es: Los logits no llevan gradientes: `requires_grad` es falso.
    """
    for count in (4, 5):
        assert_agree(student.logits, reference.logits, [known_texts(models, rng, count, kind="witness")])
        assert_that(
            not any(name.endswith(".weights") for name in student.last.changed),
            "The result still carries gradients.",
            "El resultado aún lleva gradientes.",
        )


@pytest.mark.rests_on("test_each_text_has_its_logits_in_order")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """The lists, the tokenizer's settings, the weights and the config are left as they were.

    es: Las listas, los ajustes del tokenizer, los pesos y la config quedan como estaban.
    """
    for count in (4, 5):
        case = known_texts(models, rng, count, padding_side="left")
        assert_agree(student.logits, reference.logits, [case])
        assert_unchanged(student)
