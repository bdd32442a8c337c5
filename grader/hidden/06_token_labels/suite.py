"""Hidden checks of 06_token_labels.

"O" is never label 0. The planted tagger gives special tokens and padding a label of a name; a drawn twin, whose labels
depend on what it attends to, is used where that matters.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences, uneven_logits
from grader.judge.suite import assert_agree, assert_same, assert_unchanged

NER, XLM_R = "dslim/bert-base-NER", "xlm-roberta-base"
LABELS = [
    {0: "B-PER", 1: "I-LOC", 2: "O", 3: "I-PER", 4: "B-LOC"},
    {0: "I-ORG", 1: "B-LOC", 2: "B-ORG", 3: "O", 4: "I-MISC", 5: "I-LOC", 6: "B-MISC"},
]
# Each of these is one token of the checkpoint, so that only the check about pieces is about pieces.
WORDS = [
    "Berlin", "California", "Google", "Marie", "Newton", "Portugal", "company", "founded", "museum", "never", "river",
    "worked",
]  # fmt: skip
BROKEN = ["Telefónica", "Wittgenstein", "Zaragoza", "Kowalski", "Vilanova", "Schmidt", "Oviedo"]
UNKNOWN = ["☃", "Ж", "Ω", "日"]


def words(rng, count):
    """Return a text of `count` words, no two alike and each of them one token."""
    return " ".join(rng.choice(WORDS, size=count, replace=False))


def token_logits(rng, texts, tokens, labels):
    """Return logits (texts, tokens, labels) without ties along any dimension."""
    return np.stack([uneven_logits(rng, tokens, labels) for _ in range(texts)])


def planted(models, labels, train=False, name=NER):
    """Return (model, tokenizer): a tagger that is sure of every token."""
    tokenizer = models.tokenizer(name)
    return models.tagger(tokenizer, labels, train=train), tokenizer


def clear_texts(reference, model, tokenizer, rng):
    """Return a short text with a name in it and a long one, every label of theirs clear."""
    while True:
        texts = [words(rng, 3), " ".join(sentences(rng, 2))]
        if reference.lead(model, tokenizer, texts) >= 0.02 and reference.tag(model, tokenizer, texts)[0]:
            return texts


def assert_same_tags(student, reference, cases):
    """Compare tokens and labels; the scores have a check of their own."""
    assert_agree(student.tag, reference.tag, cases, ignoring=[2])


def test_each_token_has_its_likeliest_label(student, reference, rng):
    """The label of a token is the likeliest of its own labels.

    es: La etiqueta de un token es la más probable de las suyas.
    """
    cases = [(token_logits(rng, *shape),) for shape in ((2, 5, 3), (3, 4, 6))]
    assert_agree(student.likeliest, reference.likeliest, cases, ignoring=[0])


@pytest.mark.rests_on("test_each_token_has_its_likeliest_label")
def test_the_labels_of_a_token_compete(student, reference, rng):
    """The score is the softmax over the labels of the token, at the label that is named.

    es: El score es el softmax sobre las etiquetas del token, en la etiqueta nombrada.
    """
    cases = [(token_logits(rng, *shape),) for shape in ((2, 5, 3), (1, 4, 6))]
    assert_agree(student.likeliest, reference.likeliest, cases)


def test_tokens_of_names_have_the_labels_of_the_config(student, reference, rng, models):
    """The tokens of the text whose label is not O, in order, with the names of the model's own labels.

    es: Los tokens del texto cuya etiqueta no es O, en orden, con los nombres de etiqueta del propio modelo.
    """
    assert_same_tags(student, reference, [(*planted(models, labels), [words(rng, 9)]) for labels in LABELS])


@pytest.mark.rests_on("test_tokens_of_names_have_the_labels_of_the_config")
def test_scores_are_the_probabilities_of_the_labels(student, reference, rng, models):
    """The score is the probability of the label that is named.

    es: El score es la probabilidad de la etiqueta nombrada.
    """
    cases = [(*planted(models, labels), [words(rng, 10) for _ in range(4)]) for labels in LABELS]
    assert_agree(student.tag, reference.tag, cases)


@pytest.mark.rests_on("test_tokens_of_names_have_the_labels_of_the_config")
def test_a_repeated_word_is_tagged_each_time(student, reference, rng, models):
    """A word that comes twice is tagged twice, each time with the label of its place.

    es: Una palabra que aparece dos veces se etiqueta dos veces, cada vez con la etiqueta de su lugar.
    """
    cases = []
    for labels in LABELS:
        one, other = words(rng, 2).split()
        cases.append((*planted(models, labels), [f"{one} {other} {one} {one} {other} {one} {other} {other} {one}"]))
    assert_same_tags(student, reference, cases)


@pytest.mark.rests_on("test_tokens_of_names_have_the_labels_of_the_config")
def test_pieces_of_a_word_are_tokens_of_their_own(student, reference, rng, models):
    """A word in pieces is tagged piece by piece, each as the tokenizer writes it.

    es: Una palabra partida se etiqueta trozo a trozo, cada uno como lo escribe el tokenizer.
    """
    cases = []
    for labels, name in zip([*LABELS, LABELS[0]], (NER, NER, XLM_R), strict=True):
        first, last = rng.choice(BROKEN, size=2, replace=False)
        cases.append((*planted(models, labels, name=name), [f"{first} {words(rng, 6)} {last}"]))
    assert_same_tags(student, reference, cases)


@pytest.mark.rests_on("test_tokens_of_names_have_the_labels_of_the_config")
def test_a_word_that_the_vocabulary_lacks_is_a_token_of_the_text(student, reference, rng, models):
    """What reads [UNK] stands in the text: it is tagged like any token.

    es: Lo que se lee [UNK] está en el texto: se etiqueta como cualquier token.
    """
    texts = [f"{words(rng, 2)} {rng.choice(UNKNOWN)} {words(rng, 3)}" for _ in LABELS]
    cases = [(*planted(models, labels), [text]) for labels, text in zip(LABELS, texts, strict=True)]
    assert_same_tags(student, reference, cases)


@pytest.mark.rests_on("test_tokens_of_names_have_the_labels_of_the_config")
def test_padding_is_never_tagged(student, reference, rng, models):
    """In a batch of uneven texts, each text has its own tokens and no padding.

    es: En un lote de textos desiguales, cada texto tiene sus propios tokens y nada de relleno.
    """
    cases = [
        (*planted(models, labels), [words(rng, count) for count in counts])
        for labels, counts in zip(LABELS, ((3, 10, 6), (12, 5, 3)), strict=True)
    ]
    assert_same_tags(student, reference, cases)


@pytest.mark.rests_on("test_tokens_of_names_have_the_labels_of_the_config")
def test_a_text_without_names_has_an_empty_list(student, reference, rng, models):
    """There is a list for each text, an empty one where there is nothing to tag.

    es: Hay una lista por texto, vacía donde no hay nada que etiquetar.
    """
    tokenizer, cases = models.tokenizer(NER), []
    while len(cases) < 2:
        model = models.tagger(tokenizer, LABELS[len(cases)])
        texts = [*words(rng, len(WORDS)).split(), "", words(rng, 4)]
        kinds = {bool(found) for found in reference.tag(model, tokenizer, texts[:-2])}
        cases += [(model, tokenizer, texts)] if len(kinds) == 2 else []
    assert_same_tags(student, reference, cases)


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_a_model_in_training_mode_tags_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    cases = [(*planted(models, labels, train=True), [words(rng, 8)]) for labels in LABELS]
    assert_agree(student.tag, reference.tag, cases)


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_a_text_is_tagged_in_a_batch_as_alone(student, reference, rng, models):
    """Other texts and padding change no label and no score.

    es: Los otros textos y el relleno no cambian ninguna etiqueta ni ningún score.
    """
    tokenizer = models.tokenizer(NER)
    model = models.twin(NER, "token-classification", labels=LABELS[1])
    for _ in range(2):
        texts = clear_texts(reference, model, tokenizer, rng)
        together = student.tag(model, tokenizer, texts)
        assert_same(together, reference.tag(model, tokenizer, texts))
        assert_same(together, [student.tag(model, tokenizer, [text])[0] for text in texts])


@pytest.mark.rests_on("test_scores_are_the_probabilities_of_the_labels")
def test_nothing_that_was_handed_in_is_changed(student, reference, rng, models):
    """Logits, weights and config are left as they were.

    es: Los logits, los pesos y la config quedan como estaban.
    """
    for shape in ((2, 5, 3), (3, 4, 6)):
        assert_agree(student.likeliest, reference.likeliest, [(token_logits(rng, *shape),)])
        assert_unchanged(student)
    for labels in LABELS:
        assert_agree(student.tag, reference.tag, [(*planted(models, labels), [words(rng, 8)])])
        assert_unchanged(student)
