"""Hidden checks of 10_fill_mask.

Models are drawn twins, whose answers depend on every token of the text. In `WORDS` each word is one token of BERT, so
that only the check about pieces is about pieces. The other tokenizers write another mask, or give it another id.
"""

from __future__ import annotations

import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_raises, assert_unchanged

BERT, XLM_R = "bert-base-uncased", "xlm-roberta-base"
OTHERS = {
    XLM_R: "<mask>",
    "dccuchile/bert-base-spanish-wwm-cased": "[MASK]",
    "PlanTL-GOB-ES/roberta-base-bne": "<mask>",
}
WORDS = [
    "actors", "airport", "apple", "bicycle", "breakfast", "bridge", "capital", "coffee", "company", "concert",
    "family", "flowers", "hotel", "kitchen", "library", "market", "museum", "planet", "river", "street", "ticket",
    "visitors",
]  # fmt: skip
PIECES = ["##ing", "##s"]
BROKEN = ["wittgenstein", "zaragoza", "kowalski", "vilanova", "schmidt", "telefónica"]
MADE_UP = ["blorptastic", "quimble", "snorvation", "drumpelty", "weftly", "granimote"]
CLEAR = 0.02


def pair(models, name=BERT, train=False):
    """Return (model, tokenizer)."""
    return models.twin(name, "masked-lm", train=train), models.tokenizer(name)


def masked(rng, count, *places, mask="[MASK]"):
    """Return a text of `count` words, no two alike, with masks in these places."""
    words = list(rng.choice(WORDS, size=count, replace=False))
    for place in places:
        words[place] = mask
    return " ".join(words)


def gapped(rng, mask):
    """Return a sentence of the corpus with a mask in the place of one of its inner words."""
    words = sentences(rng, 1)[0].split()
    while len(words) < 5:
        words = sentences(rng, 1)[0].split()
    words[int(rng.integers(1, len(words) - 1))] = mask
    return " ".join(words)


def clear_text(reference, model, tokenizer, k, draw):
    """Return a text from `draw` whose k likeliest tokens lead clearly over the next ones."""
    text = draw()
    while reference.lead(model, tokenizer, text, k) < CLEAR:
        text = draw()
    return text


def clear(reference, rng, model, tokenizer, *ks):
    """Return a case of `fill` for each k, with one mask in an inner place."""
    return [
        (
            model,
            tokenizer,
            clear_text(reference, model, tokenizer, k, lambda: masked(rng, 6, int(rng.integers(1, 5)))),
            k,
        )
        for k in ks
    ]


def among_the_likeliest(reference, models, model, tokenizer, text, k):
    """Return the tokenizer again, with one of the text's k likeliest tokens among its special tokens."""
    (best,) = reference.fill(model, tokenizer, text, k)
    token = next(token for token, _ in best if token.removeprefix("##") not in text)
    return models.tokenizer(BERT, additional_special_tokens=[token])


def test_the_probabilities_stand_at_the_mask(student, reference, rng, models):
    """A mask gives a row: the softmax over the vocabulary at its place, be it inside the text, first or last.

    es: Una máscara da una fila: el softmax sobre el vocabulario en su lugar, dentro del texto, al principio o al final.
    """
    model, tokenizer = pair(models)
    cases = [(model, tokenizer, masked(rng, count, place)) for count, place in ((7, 4), (4, 0), (5, -1))]
    assert_agree(student.mask_probabilities, reference.mask_probabilities, cases)


def test_each_mask_has_its_row(student, reference, rng, models):
    """Several masks give several rows, in the order of the text.

    es: Varias máscaras dan varias filas, en el orden del texto.
    """
    model, tokenizer = pair(models)
    cases = [(model, tokenizer, masked(rng, count, *places)) for count, places in ((6, (1, 4)), (8, (2, 3, 6)))]
    assert_agree(student.mask_probabilities, reference.mask_probabilities, cases)


@pytest.mark.rests_on("test_the_probabilities_stand_at_the_mask")
def test_words_in_pieces_move_the_mask(student, reference, rng, models):
    """Words that are several tokens, and punctuation, can stand around the mask.

    es: Alrededor de la máscara puede haber palabras de varios tokens y puntuación.
    """
    (model, tokenizer), cases = pair(models), []
    for count, place in ((4, 2), (5, 3)):
        before, after = rng.choice(BROKEN, size=2, replace=False)
        cases.append((model, tokenizer, f"{before}, {masked(rng, count, place)} {after}."))
    assert_agree(student.mask_probabilities, reference.mask_probabilities, cases)


@pytest.mark.rests_on("test_the_probabilities_stand_at_the_mask")
def test_each_tokenizer_has_its_own_mask(student, reference, rng, models):
    """Mask and id are those of the tokenizer: "<mask>" for XLM-RoBERTa, another id than BERT's for BETO.

    es: La máscara y su id son los del tokenizer: "<mask>" en XLM-RoBERTa, otro id que el de BERT en BETO.
    """
    cases = [(*pair(models, name), gapped(rng, mask)) for name, mask in OTHERS.items()]
    assert_agree(student.mask_probabilities, reference.mask_probabilities, cases)


@pytest.mark.rests_on("test_the_probabilities_stand_at_the_mask")
def test_a_model_in_training_mode_predicts_without_dropout(student, reference, rng, models):
    """Dropout is off in all three functions, even if the model arrives in training mode.

    es: El dropout no actúa en ninguna de las tres funciones, aunque el modelo llegue en modo de entrenamiento.
    """
    model, tokenizer = pair(models, train=True)
    cases = [(model, tokenizer, masked(rng, count, 2)) for count in (5, 6)]
    assert_agree(student.mask_probabilities, reference.mask_probabilities, cases)
    assert_agree(student.fill, reference.fill, clear(reference, rng, model, tokenizer, 5, 5))
    cases = [(*case, str(rng.choice(WORDS))) for case in cases]
    assert_agree(student.probability_of, reference.probability_of, cases, relative=1e-4, absolute=1e-9)


def test_the_likeliest_tokens_come_first(student, reference, rng, models):
    """As many tokens as k says, as the vocabulary writes them, from the likeliest down.

    es: Tantos tokens como diga k, escritos como en el vocabulario, del más probable hacia abajo.
    """
    cases = clear(reference, rng, *pair(models), 4, 1, 7)
    for name, mask in OTHERS.items():
        model, tokenizer = pair(models, name)
        text = clear_text(reference, model, tokenizer, 6, lambda mask=mask: gapped(rng, mask))
        cases.append((model, tokenizer, text, 6))
    assert_agree(student.fill, reference.fill, cases, ignoring=[1])


@pytest.mark.rests_on("test_the_likeliest_tokens_come_first")
def test_scores_are_probabilities_among_all_tokens(student, reference, rng, models):
    """All tokens of the vocabulary compete, special tokens too; the score is the probability among all of them.

    es: Compiten todos los tokens del vocabulario, también los especiales; el score es la probabilidad entre todos.
    """
    cases = clear(reference, rng, *pair(models), 4, 1, 6)
    for model, tokenizer, text, k in clear(reference, rng, *pair(models), 4, 5):
        cases.append((model, among_the_likeliest(reference, models, model, tokenizer, text, k), text, k))
    assert_agree(student.fill, reference.fill, cases)


@pytest.mark.rests_on("test_the_likeliest_tokens_come_first")
def test_each_mask_has_its_list(student, reference, rng, models):
    """There is a list for each mask, and none for a text without a mask.

    es: Hay una lista por máscara, y ninguna para un texto sin máscara.
    """
    model, tokenizer = pair(models)
    cases = [(model, tokenizer, masked(rng, 4), 3)]
    for count, places in ((6, (1, 4)), (7, (0, 2, 5)), (4, (2,))):
        text = clear_text(
            reference, model, tokenizer, 3, lambda count=count, places=places: masked(rng, count, *places)
        )
        cases.append((model, tokenizer, text, 3))
    assert_agree(student.fill, reference.fill, cases, ignoring=[1])


@pytest.mark.rests_on("test_each_tokenizer_has_its_own_mask")
def test_the_probability_of_a_word(student, reference, rng, models):
    """An entry of the vocabulary, a whole word or a piece of one, has its probability at the mask.

    es: Una entrada del vocabulario, palabra entera o trozo, tiene su probabilidad en la máscara.
    """
    cases = []
    for name, mask, words in ((BERT, "[MASK]", WORDS), (BERT, "[MASK]", PIECES), (XLM_R, "<mask>", ["▁Madrid"])):
        model, tokenizer = pair(models, name)
        cases += [(model, tokenizer, masked(rng, 6, 3, mask=mask), str(rng.choice(words))) for _ in range(2)]
    assert_agree(student.probability_of, reference.probability_of, cases, relative=1e-4, absolute=1e-9)


@pytest.mark.rests_on("test_the_probability_of_a_word")
def test_a_word_that_the_vocabulary_lacks_is_an_error(student, reference, rng, models):
    """A word that is no entry of the vocabulary is a ValueError, and an entry is not.

    es: Una palabra que no está en el vocabulario es un ValueError, y una que está no lo es.
    """
    model, tokenizer = pair(models)
    known, lacking = rng.choice(WORDS, size=2, replace=False), rng.choice(MADE_UP, size=2, replace=False)
    for word in known:
        assert_agree(
            student.probability_of, reference.probability_of, [(model, tokenizer, masked(rng, 5, 2), str(word))]
        )
    for word in lacking:
        assert_raises(ValueError, student.probability_of, model, tokenizer, masked(rng, 5, 2), str(word))


@pytest.mark.rests_on("test_the_probability_of_a_word")
def test_there_is_exactly_one_mask(student, reference, rng, models):
    """A text with no mask, or with two, is a ValueError, and a text with one is not.

    es: Un texto sin máscara, o con dos, es un ValueError, y un texto con una no lo es.
    """
    model, tokenizer = pair(models)
    for word in rng.choice(WORDS, size=2, replace=False):
        assert_agree(
            student.probability_of, reference.probability_of, [(model, tokenizer, masked(rng, 5, 2), str(word))]
        )
        for places in ((1, 3), ()):
            assert_raises(ValueError, student.probability_of, model, tokenizer, masked(rng, 5, *places), str(word))


@pytest.mark.rests_on("test_the_probabilities_stand_at_the_mask")
def test_weights_and_config_stay_as_they_are(student, reference, rng, models):
    """None of the three functions changes the weights or the config of the model.

    es: Ninguna de las tres funciones cambia los pesos ni la config del modelo.
    """
    model, tokenizer = pair(models)
    for word in rng.choice(WORDS, size=2, replace=False):
        text = masked(rng, 5, 2)
        assert_agree(student.mask_probabilities, reference.mask_probabilities, [(model, tokenizer, text)])
        assert_unchanged(student)
        student.fill(model, tokenizer, text)
        assert_unchanged(student)
        student.probability_of(model, tokenizer, text, str(word))
        assert_unchanged(student)
