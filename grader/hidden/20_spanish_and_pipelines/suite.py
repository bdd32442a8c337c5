"""Hidden checks of 20_spanish_and_pipelines.

The tokenizers are those of the lesson: their unknown tokens have different ids and texts, one lower-cases and strips
accents, one composes what is decomposed, one reads bytes. Tokenizers with other settings separate what those join:
lower case with accents, accents lost with capitals kept, a limit of a few tokens.
"""

from __future__ import annotations

import unicodedata

import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_same

BETO = "dccuchile/bert-base-spanish-wwm-cased"
BNE = "PlanTL-GOB-ES/roberta-base-bne"
MBERT = "bert-base-multilingual-cased"
UNCASED = "bert-base-uncased"
XLMR = "xlm-roberta-base"
CLASSES = "sequence-classification"

SYMBOLS = ["☃", "Ж", "Ω", "日", "Ψ", "☂"]
ASIDES = ["100 %;", "(2 % )", "¿no?", "¡ajá!", "a.C.,", "18:30 h.", "co-piloto"]
PLAIN = ["sol", "libro", "ciudad", "perro", "verde", "museo"]
ACCENTED = [
    "niño", "camión", "música", "después", "azúcar", "pingüino", "mañana", "árbol", "café", "ratón", "jardín", "señor",
]  # fmt: skip
FOREIGN = ["Dvořák", "Škoda", "Erdoğan", "Čapek", "Kovařík"]
ORDINALS = ["3.ª", "n.º", "1.ª", "2.º"]  # letters that stand high, and no accents
LABELS = [
    {0: "neutral", 1: "positivo", 2: "negativo"},
    {0: "deporte", 1: "cultura", 2: "ciencia", 3: "política", 4: "salud"},
]
LEAD = 0.02


def spaced(rng, words):
    """Return the words in a drawn order, with white space of several kinds between them."""
    gaps = rng.choice([" ", " ", "  ", "\n"], size=len(words))
    return "".join(f"{word}{gap}" for word, gap in zip(rng.permutation(words), gaps, strict=True)).strip()


def text_with_symbols(rng, symbols):
    """Return a sentence with this many symbols in it that no vocabulary of words knows."""
    chosen = rng.choice(SYMBOLS, size=symbols, replace=False)
    return f"{sentences(rng, 1)[0]} {' '.join(chosen)} {' '.join(rng.choice(PLAIN, size=2))}"


def several(rng, words, count):
    return [str(word) for word in rng.choice(words, size=count, replace=False)]


def capitalized(words):
    return [word.capitalize() for word in words]


def decomposed(words):
    return [unicodedata.normalize("NFD", word) for word in words]


def clear_texts(reference, model, tokenizer, draw):
    """Return texts of `draw` whose likeliest labels are clear to the model."""
    while True:
        texts = draw()
        if reference.lead(model, tokenizer, texts) >= LEAD:
            return texts


def test_unknown_tokens_are_counted_among_the_tokens_of_a_text(student, reference, rng, models):
    """The rate is unknown tokens by all tokens of the text, for every tokenizer's own unknown token.

    es: La tasa son los tokens desconocidos entre todos los del texto, con el token desconocido de cada tokenizer.
    """
    cases = [
        (models.tokenizer(name), [text_with_symbols(rng, symbols)])
        for name, symbols in ((BETO, 2), (MBERT, 4), (XLMR, 3), (BNE, 3))
    ]
    assert_agree(student.unknown_rate, reference.unknown_rate, cases)


def test_fertility_is_tokens_per_word(student, reference, rng, models):
    """Fertility is the tokens of the text by its words, and words are what white space separates.

    es: La fertilidad son los tokens del texto entre sus palabras, y las palabras, lo que separan los espacios.
    """
    cases = []
    for name in (BETO, XLMR, BNE, UNCASED):
        tokenizer = models.tokenizer(name)
        while True:
            text = spaced(rng, [*several(rng, ASIDES, 2), *several(rng, ACCENTED + PLAIN, 6)])
            if name != BNE or reference.reads_spaces(tokenizer, text):  # BNE's tokens hold spaces
                break
        cases.append((tokenizer, [text]))
    assert_agree(student.fertility, reference.fertility, cases)


def test_texts_are_counted_together_and_whole(student, reference, rng, models):
    """All texts count as one, to the end of the longest; without tokens or words the answer is 0.

    es: Todos los textos cuentan como uno, hasta el final del más largo; sin tokens o palabras la respuesta es 0.
    """
    for function in ("unknown_rate", "fertility"):
        cases = []
        for name in (MBERT, XLMR):
            long = " ".join([*sentences(rng, 4), text_with_symbols(rng, 1)])
            texts = [*several(rng, PLAIN, 1), text_with_symbols(rng, 4), long]
            cases.append((models.tokenizer(name, model_max_length=12), texts))
        cases.append((models.tokenizer(BETO), [""]))
        assert_agree(getattr(student, function), getattr(reference, function), cases)


def test_accents_are_marks_in_either_form(student, reference, rng):
    """A word loses all its accents and nothing else, written composed or decomposed.

    es: Una palabra pierde todos sus diacríticos y nada más, esté escrita compuesta o descompuesta.
    """
    words = [*several(rng, ACCENTED, 3), *capitalized(several(rng, ACCENTED, 2)), *several(rng, FOREIGN, 2), "garçon"]
    cases = [(word,) for word in [*words, *decomposed(words[1:6]), "¿qué?", *several(rng, ORDINALS, 2)]]
    assert_agree(student.without_accents, reference.without_accents, cases)


@pytest.mark.rests_on("test_accents_are_marks_in_either_form")
def test_lost_accents_make_no_difference_to_the_tokens(student, reference, rng, models):
    """A word loses its accents where it has the same tokens without them; one without accents has none to lose.

    es: Una palabra pierde sus diacríticos si sin ellos tiene los mismos tokens; sin diacríticos no hay nada que perder.
    """
    cases = []
    for name, options in ((UNCASED, {}), (BETO, {}), (BETO, {"strip_accents": True}), (XLMR, {}), (BNE, {})):
        words = [str(word) for word in rng.permutation([*several(rng, ACCENTED, 4), *several(rng, PLAIN, 2)])]
        cases.append((models.tokenizer(name, **options), words))
    assert_agree(student.lost_accents, reference.lost_accents, cases)


@pytest.mark.rests_on("test_lost_accents_make_no_difference_to_the_tokens")
def test_a_capital_is_no_accent(student, reference, rng, models):
    """Accents can be kept in lower case, and lost while capitals are kept.

    es: Los diacríticos pueden conservarse en minúscula, y perderse aunque se conserven las mayúsculas.
    """
    cases = []
    for name in (BETO, MBERT):
        for options in ({"do_lower_case": True, "strip_accents": False}, {"strip_accents": True}):
            words = capitalized([*several(rng, ACCENTED, 3), *several(rng, PLAIN, 2)])
            cases.append((models.tokenizer(name, **options), words))
    assert_agree(student.lost_accents, reference.lost_accents, cases)


@pytest.mark.rests_on("test_lost_accents_make_no_difference_to_the_tokens")
def test_the_tokenizer_gets_each_word_as_it_is_written(student, reference, rng, models):
    """Unknown letters and unknown marks are lost accents; the words come back as they were written.

    es: Las letras y marcas desconocidas son diacríticos perdidos; las palabras vuelven tal como estaban escritas.
    """
    cases = []
    for name in (BETO, XLMR, MBERT, BNE):
        one, other = several(rng, FOREIGN, 2)
        first, second, third = several(rng, ACCENTED, 3)
        cases.append((models.tokenizer(name), [first, one, *decomposed([second, third]), other]))
    assert_agree(student.lost_accents, reference.lost_accents, cases)


def test_the_likeliest_label_has_its_name_and_its_probability(student, reference, rng, models):
    """A text has the likeliest label, by its name in the config, and the softmax as its score.

    es: Un texto tiene la etiqueta más probable, con su nombre en la config, y el softmax como score.
    """
    cases = []
    for name, labels in zip((BETO, XLMR), LABELS, strict=True):
        model, tokenizer = models.twin(name, CLASSES, labels=labels), models.tokenizer(name)
        texts = [clear_texts(reference, model, tokenizer, lambda: sentences(rng, 1)) for _ in range(3)]
        cases += [(model, tokenizer, text) for text in texts]
    assert_agree(student.classify, reference.classify, cases)


@pytest.mark.rests_on("test_the_likeliest_label_has_its_name_and_its_probability")
def test_labels_that_do_not_compete_have_sigmoid_scores(student, reference, rng, models):
    """With a single label, or with several labels per text, a score is the sigmoid of its own logit.

    es: Con una sola etiqueta, o con varias por texto, un score es el sigmoide de su propio logit.
    """
    cases = []
    for labels, options in (
        ({0: "útil"}, {}),
        (LABELS[0], {"problem_type": "multi_label_classification"}),
        (LABELS[1], {"problem_type": "single_label_classification"}),
    ):
        model, tokenizer = models.twin(BETO, CLASSES, labels=labels, **options), models.tokenizer(BETO)
        for _ in range(2):
            text = clear_texts(reference, model, tokenizer, lambda: sentences(rng, 1))
            cases.append((model, tokenizer, text))
    assert_agree(student.classify, reference.classify, cases)


@pytest.mark.rests_on("test_the_likeliest_label_has_its_name_and_its_probability")
def test_a_long_text_is_cut_to_the_limit_of_the_tokenizer(student, reference, rng, models):
    """A text is cut to model_max_length tokens, whatever positions the model has.

    es: Un texto se corta a model_max_length tokens, tenga las posiciones que tenga el modelo.
    """
    cases = []
    for name, limit, positions in ((BETO, 16, 512), (MBERT, 24, 48), (BNE, 32, 34)):
        model = models.twin(name, CLASSES, labels=LABELS[len(cases) % 2], max_position_embeddings=positions)
        tokenizer = models.tokenizer(name, model_max_length=limit)
        texts = clear_texts(reference, model, tokenizer, lambda: [" ".join(sentences(rng, 8))])
        cases.append((model, tokenizer, texts))
    assert_agree(student.classify, reference.classify, cases)


@pytest.mark.rests_on("test_the_likeliest_label_has_its_name_and_its_probability")
def test_a_model_in_training_mode_classifies_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    cases = []
    for name, labels in zip((BETO, XLMR), LABELS, strict=True):
        model, tokenizer = models.twin(name, CLASSES, labels=labels, train=True), models.tokenizer(name)
        cases.append((model, tokenizer, clear_texts(reference, model, tokenizer, lambda: sentences(rng, 1))))
    assert_agree(student.classify, reference.classify, cases)


@pytest.mark.rests_on("test_the_likeliest_label_has_its_name_and_its_probability")
def test_a_text_is_classified_in_a_batch_as_alone(student, reference, rng, models):
    """There is one result for each text, in order, and the other texts change none of them.

    es: Hay un resultado por texto, en orden, y los otros textos no cambian ninguno.
    """
    for name, labels in zip((BETO, BNE), LABELS, strict=True):
        model, tokenizer = models.twin(name, CLASSES, labels=labels), models.tokenizer(name)
        texts = clear_texts(
            reference, model, tokenizer, lambda: ["Sí.", " ".join(sentences(rng, 2)), *sentences(rng, 2)]
        )
        together = student.classify(model, tokenizer, texts)
        assert_same(together, reference.classify(model, tokenizer, texts))
        assert_same(together, [student.classify(model, tokenizer, [text])[0] for text in texts])
