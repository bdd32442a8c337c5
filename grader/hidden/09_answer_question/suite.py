"""Hidden checks of 09_answer_question.

Planted models point at words: where the answer should be, and where a mistake would find another one (in the question,
at [SEP], before its start, too far away). A drawn BERT stands in where it matters what the model reads. Every best span
leads by 0.3 at least.
"""

from __future__ import annotations

import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_unchanged

PLAIN = "distilbert-base-uncased-distilled-squad"  # knows neither capitals nor accents
CASED = "dccuchile/bert-base-spanish-wwm-cased"
BERT = "bert-base-uncased"

# One token each, in small letters, so that these words look the same when they are decoded.
WORDS = [
    "airport", "bridge", "brother", "cheese", "company", "computer", "concert", "doctor", "family", "first", "flowers",
    "football", "founded", "hotel", "kitchen", "laptop", "largest", "letter", "library", "market", "million", "model",
    "morning", "museum", "never", "office", "opened", "planet", "played", "restaurant", "science", "second", "station",
    "street", "student", "summer", "teacher", "telescope", "ticket", "window",
]  # fmt: skip
SPANISH = [
    "Begoña", "Bilbao", "Bogotá", "Colombia", "Córdoba", "Granada", "Logroño", "Málaga", "México", "Salamanca",
    "Telefónica", "autobús", "azúcar", "calle", "canción", "corazón", "dragón", "encontró", "estación", "explicó",
    "montaña", "médica", "niño", "océano", "película", "pingüino", "rápido", "teléfono",
]  # fmt: skip
NAMES = [
    ("María", "Núñez", "María  Núñez"), ("Wittgenstein", "Gómez", "WITTGENSTEIN (Gómez"),
    ("Charles", "Muñiz", "Charles-Muñiz"), ("Cambridge", "Ñandú", "Cambridge/Ñandú"),
    ("Einstein", "Kowalski", "Einstein & Kowalski"),
    ("Boston", "O'Higgins", "Boston, O'Higgins"),
]  # fmt: skip
# The word stands inside the longer one before it, but not among its tokens.
INSIDE = [("driver", "river"), ("capacity", "city"), ("holiday", "day"), ("electricity", "city"), ("steam", "tea")]


def high(rng):
    return float(rng.uniform(6.5, 8.5))


def words(rng, count, known=WORDS):
    return [str(word) for word in rng.choice(known, size=count, replace=False)]


def pointed(models, rng, context, first, last, question=None, name=PLAIN, lures=(), null=-9.0, train=False):
    """Return (model, tokenizer, question, context): the answer goes from the word `first` to the word `last`.

    `lures` are further words, as (starts, ends).
    """
    tokenizer = models.tokenizer(name)
    starts, ends = lures or ({}, {})
    starts, ends = {first: high(rng), **starts}, {last: high(rng), **ends}
    model = models.spans(tokenizer, starts, ends, null=null, train=train)
    question = question or f"Where is the {' '.join(words(rng, int(rng.integers(2, 6))))}?"
    return model, tokenizer, question, context


def places(rng, count, size):
    """Return `count` pairs (first, last) of places among `size` words, three tokens apart or less."""
    firsts = rng.choice(size - 3, size=count, replace=False)
    return [(int(first), int(first + rng.integers(1, 4))) for first in firsts]


def drawn_words(rng, used, known=WORDS, size=9):
    return [word for word in words(rng, len(known), known) if word not in used][:size]


def from_words(models, rng, at, known=WORDS, **options):
    """Return a case whose context is drawn words, the answer being those from at[0] to at[1]."""
    context = words(rng, 10, known)
    question = " ".join(drawn_words(rng, context, known, int(rng.integers(2, 6)))) + "?"
    return pointed(models, rng, " ".join(context), context[at[0]], context[at[1]], question, **options)


def assert_same_answers(student, reference, cases, ignoring=("start", "end", "score")):
    """Compare the answers; where they stand and what they score have checks of their own."""
    assert_agree(student.answer, reference.answer, cases, ignoring=ignoring)


def test_the_answer_goes_from_the_first_token_to_the_last(student, reference, rng, models):
    """The answer has all its tokens: the first, the last, and those between them.

    es: La respuesta tiene todos sus tokens: el primero, el último y los que hay entre ellos.
    """
    cases = [from_words(models, rng, at) for at in (*places(rng, 2, 9), (5, 5))]
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_the_answer_is_written_as_in_the_context(student, reference, rng, models):
    """Capitals, accents and spaces of the context stay, although the tokenizer drops them.

    es: Las mayúsculas, las tildes y los espacios del contexto se quedan, aunque el tokenizer los pierda.
    """
    cases = []
    while len(cases) < 3:
        first, last, name = NAMES[int(rng.integers(len(NAMES)))]
        before, after = words(rng, 3), words(rng, 2)
        case = pointed(models, rng, f"{' '.join(before)} {name} {' '.join(after)}", first, last)
        if reference.lead(*case) >= 0.3 and case[3] not in [other[3] for other in cases]:
            cases.append(case)
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_start_and_end_count_the_characters_of_the_context(student, reference, rng, models):
    """start and end say in characters where the answer stands in the context, also where its letters come earlier.

    es: start y end dicen en caracteres dónde está la respuesta en el contexto, aunque sus letras ya salieran antes.
    """
    cases = [from_words(models, rng, at) for at in ((0, 1), places(rng, 1, 9)[0], (7, 9))]
    cases += [from_words(models, rng, at, SPANISH, name=CASED) for at in places(rng, 1, 9)]
    for place in rng.choice(len(INSIDE), size=2, replace=False):
        longer, word = INSIDE[place]
        one, two, three = words(rng, 3)
        cases.append(pointed(models, rng, f"{one} {longer} {two} {word} {three}", word, word))
    assert_same_answers(student, reference, cases, ignoring=["score"])


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_the_score_is_the_sum_of_two_logits(student, reference, rng, models):
    """The score is the start logit of the first token plus the end logit of the last.

    es: El score es el logit de inicio del primer token más el de final del último.
    """
    cases = [from_words(models, rng, at) for at in places(rng, 2, 9)]
    assert_same_answers(student, reference, cases, ignoring=["answer", "start", "end"])


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_start_and_end_are_chosen_together(student, reference, rng, models):
    """An end before the start, or more than 30 tokens, is no answer, however high it scores.

    es: Un final antes del inicio, o más de 30 tokens, no es una respuesta, por alto que puntúe.
    """
    cases = []
    for tokens, lured in ((None, None), (30, 31), (None, 33), (None, None)):
        text = words(rng, 39)
        first = int(rng.integers(3, 5))
        last = first + tokens - 1 if tokens else int(rng.integers(6, 8))
        lure = text[first + lured - 1 if lured else int(rng.integers(first))]
        cases.append(pointed(models, rng, " ".join(text), text[first], text[last], "Who?", lures=({}, {lure: 10.0})))
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_the_answer_is_never_in_the_question(student, reference, rng, models):
    """The question repeats words of the answer, and others that score more; the answer is in the context.

    es: La pregunta repite palabras de la respuesta y otras que puntúan más; la respuesta está en el contexto.
    """
    cases = []
    for (first, last), name, known in zip(
        places(rng, 3, 9), (PLAIN, CASED, PLAIN), (WORDS, SPANISH, WORDS), strict=True
    ):
        text = words(rng, 10, known)
        lure, other = drawn_words(rng, text, known, 2)
        question = f"¿{lure} {text[first]} {text[last]} {other}?"
        lures = {lure: 11.0}, {other: 11.0}
        cases.append(pointed(models, rng, " ".join(text), text[first], text[last], question, name, lures))
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_the_answer_has_no_special_tokens(student, reference, rng, models):
    """[CLS], [SEP] and padding are no part of the context, however high they score.

    es: [CLS], [SEP] y el relleno no son parte del contexto, por alto que puntúen.
    """
    ends = {"[SEP]": 12.0}, {"[SEP]": 12.0, "[PAD]": 14.0}, {}
    starts = {}, {}, {"[SEP]": 12.0}
    nulls = -9.0, -9.0, 13.0
    cases = [
        from_words(models, rng, at, lures=lures, null=null)
        for at, lures, null in zip(places(rng, 3, 9), zip(starts, ends, strict=True), nulls, strict=True)
    ]
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_the_answer_goes_from_the_first_token_to_the_last")
def test_no_answer_is_given_where_it_scores_more(student, reference, rng, models):
    """With allow_none, there is no answer where [CLS] scores more than the best span; without it, there always is one.

    es: Con allow_none no hay respuesta donde [CLS] puntúa más que el mejor tramo; sin él siempre la hay.
    """
    cases = []
    for null, allow in ((9.5, True), (5.0, True), (18.0, True), (9.5, False)):
        at = places(rng, 1, 9)[0]
        cases.append((*from_words(models, rng, at, null=null + float(rng.uniform(-0.4, 0.4))), allow))
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_no_answer_is_given_where_it_scores_more")
def test_no_answer_has_its_own_score(student, reference, rng, models):
    """No answer is an empty text from 0 to 0 with the score of [CLS]; an answer keeps its own score beside it.

    es: "Sin respuesta" es un texto vacío de 0 a 0 con el score de [CLS]; una respuesta conserva el suyo a su lado.
    """
    nulls = [*rng.uniform(10, 20, size=3), *rng.uniform(1, 5, size=2)]
    cases = [
        (*from_words(models, rng, at, null=float(null)), True)
        for at, null in zip(places(rng, len(nulls), 9), nulls, strict=True)
    ]
    assert_same_answers(student, reference, cases, ignoring=[])


@pytest.mark.rests_on("test_no_answer_is_given_where_it_scores_more")
def test_the_threshold_is_the_lead_that_no_answer_needs(student, reference, rng, models):
    """No answer must be ahead of the best span by more than the threshold, which can be negative; not by just as much.

    es: "Sin respuesta" debe superar al mejor tramo por más del umbral, que puede ser negativo; por lo justo no basta.
    """
    cases = []
    for null, threshold in ((9.5, 12.0), (9.5, 1.0), (9.5, -12.0), (5.5, 12.0), (5.5, -1.0), (5.5, -12.0)):
        at = places(rng, 1, 9)[0]
        cases.append((*from_words(models, rng, at, null=null), True, threshold * float(rng.uniform(0.9, 1.1))))
    for threshold in (0.0, 1.5):  # numbers that float32 holds, so that the lead is the threshold itself
        first, last, *others = words(rng, 4)
        start, end = (float(number) for number in rng.integers(6, 9, size=2))
        lures, null = ({first: start}, {last: end}), (start + end + threshold) / 2
        case = pointed(models, rng, f"{first} {last}", first, last, f"{' '.join(others)}?", lures=lures, null=null)
        cases.append((*case, True, threshold))
    assert_same_answers(student, reference, cases)


@pytest.mark.rests_on("test_the_score_is_the_sum_of_two_logits")
def test_the_model_reads_question_and_context_as_two_parts(student, reference, rng, models):
    """The model gets the question first, the context second, and what tells them apart.

    es: El modelo recibe primero la pregunta, después el contexto, y lo que los distingue.
    """
    model, tokenizer, cases = models.twin(BERT, "question-answering"), models.tokenizer(BERT), []
    while len(cases) < 3:
        case = model, tokenizer, *sentences(rng, 2)
        if reference.lead(*case) >= 0.3:
            cases.append(case)
    assert_same_answers(student, reference, cases, ignoring=["answer", "start", "end"])


@pytest.mark.rests_on("test_the_score_is_the_sum_of_two_logits")
def test_a_model_in_training_mode_answers_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode; its weights and config stay as they are.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento; los pesos y la config no cambian.
    """
    cases = [from_words(models, rng, at, train=True) for at in places(rng, 3, 9)]
    assert_same_answers(student, reference, cases, ignoring=["start", "end"])
    assert_unchanged(student)
