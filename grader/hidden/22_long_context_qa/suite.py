"""Hidden checks of 22_long_context_qa.

Models are drawn twins: their logits depend on the whole window, so a span that two windows hold has two scores. Each
context is redrawn until its best answers are clear (a margin of 0.02 between neighbours) and special in the way that
the check is about; `reference.survey` says so. Only "no answer" is planted, above and below the spans. Five answers,
short windows and a generous limit keep n and max_tokens out of the checks that are not about them; so does DistilBERT,
which has no token types.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences
from grader.judge.suite import assert_agree, assert_same, assert_unchanged

MBERT = "bert-base-multilingual-cased"
SQUAD = "distilbert-base-uncased-distilled-squad"
QA = "question-answering"
MARGIN = 0.02
QUESTIONS = [
    "What is the capital of France?", "Who wrote this letter?", "Why is the sky blue?", "Who discovered radium?",
]  # fmt: skip
LONG_QUESTIONS = [
    "Who wrote about the first machines that could compute, and where did she live?",
    "Which river crosses the old city, and in which year did Charles Darwin visit Zurich?",
    "How many people live in the largest city of the country, and how many in Madrid?",
]
CITIES = ["Berlin", "Madrid", "London"]


def pair(models, name):
    return models.twin(name, QA), models.tokenizer(name)


def one(rng, words):
    return str(rng.choice(words))


def asked(reference, rng, model, tokenizer, special=None, shape=(3, 6, 32, 8), count=4, draw=None):
    """Return arguments of `n_best` whose answers are clear and `special`; `shape` is n, max_tokens, window, overlap."""
    while True:
        context = draw() if draw else " ".join(sentences(rng, count))
        case = (model, tokenizer, one(rng, QUESTIONS), context, *shape)
        facts = reference.survey(*case)
        if facts["margin"] >= MARGIN and (special is None or special(facts)):
            return case


def planted(reference, rng, models, special, null, shape, nulls=()):
    """Return arguments of `n_best` for a model that knows three cities, [CLS] having the logits `null`.

    In a window that holds a city, [CLS] has that city's logits of `nulls` instead. Each is a pair (start, end), or one
    number for both.
    """
    tokenizer = models.tokenizer(SQUAD)
    while True:
        cities = [str(city) for city in rng.permutation(CITIES)]
        starts, ends = ({city: float(rng.uniform(0, 5)) for city in cities} for _ in range(2))
        model = models.spans(tokenizer, starts, ends, null=null, nulls=dict(zip(cities, nulls, strict=False)))
        texts = [text for both in zip(cities, sentences(rng, 3), strict=True) for text in both]
        case = (model, tokenizer, one(rng, QUESTIONS), " ".join(texts), *shape)
        facts = reference.survey(*case)
        if facts["margin"] >= MARGIN and special(facts):
            return case


def assert_same_rows(student, reference, cases):
    """Compare the ids of the windows; what else they hold shows in the answers."""
    results = [student.windows(*case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        assert_same(got, {"input_ids": reference.windows(*case).fields["input_ids"]})


def test_neighbouring_windows_share_the_overlap(student, reference, rng, models):
    """Windows of the stated length follow each other, and share the stated number of tokens; a short context is one.

    es: Las ventanas, de la longitud pedida, se siguen y comparten los tokens pedidos; un contexto corto es una sola.
    """
    cases = []
    for name, count, window, overlap in ((MBERT, 5, 32, 8), (SQUAD, 4, 36, 5), (MBERT, 1, 128, 8), (SQUAD, 4, 30, 2)):
        cases.append((models.tokenizer(name), one(rng, QUESTIONS), " ".join(sentences(rng, count)), window, overlap))
    assert_same_rows(student, reference, cases)


@pytest.mark.rests_on("test_neighbouring_windows_share_the_overlap")
def test_the_question_is_whole_in_every_window(student, reference, rng, models):
    """A long question is never cut: only the context is.

    es: Una pregunta larga nunca se corta: solo el contexto.
    """
    cases = []
    for name in (MBERT, SQUAD):
        context = " ".join(sentences(rng, 4))
        cases.append((models.tokenizer(name), one(rng, LONG_QUESTIONS), context, 40, 3))
    assert_same_rows(student, reference, cases)


def test_no_answer_needs_every_window(student, reference, rng):
    """The score of no answer is the smallest of the windows' own, start and end of [CLS] together; no logit changes.

    es: El score de sin respuesta es el menor de los de las ventanas, inicio más final de [CLS]; ningún logit cambia.
    """
    cases = []
    for rows, smallest in ((3, 1), (4, 2), (5, 3)):
        while True:
            start, end = rng.normal(1, 4, size=(2, rows, 9)).astype(np.float32)
            sums = start[:, 0] + end[:, 0]
            apart = len({sums.argmin(), start[:, 0].argmin(), end[:, 0].argmin()}) == 3 if rows > 3 else True
            if sums.argmin() == smallest and apart and np.diff(np.sort(sums)).min() > 0.3:
                break
        cases.append((start, end))
    assert_agree(student.no_answer_score, reference.no_answer_score, cases)
    assert_unchanged(student)


def test_the_best_answers_come_first(student, reference, rng, models):
    """In a context of one window, the spans with the largest sums of logits come in order.

    es: En un contexto de una ventana, los tramos con las sumas de logits más altas salen en orden.
    """
    cases = [asked(reference, rng, *pair(models, SQUAD), shape=(5, 200, 128, 8), count=2) for _ in range(3)]
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_the_best_answers_come_first")
def test_every_window_is_read(student, reference, rng, models):
    """The best answer can be in any window; its characters count from the beginning of the context.

    es: La mejor respuesta puede estar en cualquier ventana; sus caracteres cuentan desde el inicio del contexto.
    """

    def later(facts):
        return facts["homes"][0][0] >= 2 and max(facts["spread"]) == 0

    cases = [asked(reference, rng, *pair(models, SQUAD), later, shape=(5, 30, 32, 1)) for _ in range(2)]
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_the_best_answers_come_first")
def test_windows_compete_by_their_logits(student, reference, rng, models):
    """A window where nothing scores high does not win by having no rivals.

    es: Una ventana donde nada puntúa alto no gana por no tener rivales.
    """

    def uneven(facts):
        return facts["by_share"] and max(facts["spread"]) == 0

    cases = [asked(reference, rng, *pair(models, SQUAD), uneven, shape=(5, 30, 32, 1)) for _ in range(2)]
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_every_window_is_read")
def test_a_span_of_several_windows_counts_once(student, reference, rng, models):
    """A span in the overlap is one answer, with the largest of its scores.

    es: Un tramo del solapamiento es una sola respuesta, con su score más alto.
    """
    cases = []
    for later in (True, False):

        def shared(facts, later=later):
            return any(
                gap >= 0.1 and (home[0] > home[1]) == later
                for gap, home in zip(facts["spread"], facts["homes"], strict=True)
                if gap
            )

        cases.append(asked(reference, rng, *pair(models, SQUAD), shared, shape=(5, 30, 32, 10)))
    cases.append(planted(reference, rng, models, lambda facts: facts["repeats"], -9.0, (5, 30, 32, 10)))
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_the_best_answers_come_first")
def test_answers_are_slices_of_the_context(student, reference, rng, models):
    """An answer is written as in the context, at its own place, also where the same words come again.

    es: Una respuesta se escribe como en el contexto, en su sitio, aunque las mismas palabras se repitan.
    """
    cases = []
    for ends in (True, False):

        def draw(ends=ends):
            first, second = sentences(rng, 2)
            return f"{first} {second}  {first}" if ends else f"{first}  MÁLAGA, Peñíscola {second} {first}"

        def again(facts):
            return facts["alike"]

        cases.append(asked(reference, rng, *pair(models, SQUAD), again, shape=(12, 4, 160, 8), draw=draw))
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_the_best_answers_come_first")
def test_there_are_n_answers_of_max_tokens_at_most(student, reference, rng, models):
    """As many answers as asked for, none longer than allowed; where there are fewer, all of them.

    es: Tantas respuestas como se piden, ninguna más larga de lo permitido; si hay menos, todas.
    """

    def deep(facts):  # no list of the 20 best starts and the 20 best ends holds them all
        return facts["deep"]

    cases = []
    for n, limit, count, special in ((1, 4, 2, None), (6, 2, 2, None), (5, 1, 3, deep)):
        cases.append(asked(reference, rng, *pair(models, SQUAD), special, shape=(n, limit, 48, 8), count=count))
    short = one(rng, CITIES)
    cases.append(asked(reference, rng, *pair(models, SQUAD), shape=(90, 3, 48, 8), draw=lambda: short))
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_every_window_is_read")
def test_no_answer_is_a_candidate_where_it_is_allowed(student, reference, rng, models):
    """With allow_none, no answer has its place among the n best, once; without allow_none it is not there.

    es: Con allow_none, la falta de respuesta ocupa su lugar entre las n mejores, una vez; sin allow_none no aparece.
    """

    def between(facts):
        return facts["windows"] > 2 and facts["none_at"] in (1, 2, 3)

    def disputed(facts):
        return between(facts) and facts["surest"] and facts["torn"]

    def many(facts):
        return facts["windows"] > 2

    cases = []
    for null, allowed, special in ((6.0, True, many), (2.5, True, between), (6.0, False, many), (-9.0, True, many)):
        cases.append(planted(reference, rng, models, special, null, (5, 30, 32, 4, allowed)))
    # The second window's end is the smallest, and so is not its start: the two smallest logits are of no one window.
    nulls = (4.5, 7.5), (4.0, 1.0), (2.5, 4.5)
    cases.append(planted(reference, rng, models, disputed, (3.5, 4.5), (5, 30, 32, 4, True), nulls=nulls))
    assert_agree(student.n_best, reference.n_best, cases)


@pytest.mark.rests_on("test_the_best_answers_come_first")
def test_a_model_in_training_mode_answers_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode; its weights and config stay as they are.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento; los pesos y la config no cambian.
    """
    cases = []
    for _ in range(2):
        model, tokenizer = models.twin(SQUAD, QA, train=True), models.tokenizer(SQUAD)
        cases.append(asked(reference, rng, model, tokenizer, shape=(5, 200, 128, 8), count=2))
    assert_agree(student.n_best, reference.n_best, cases)
    assert_unchanged(student)


@pytest.mark.rests_on("test_every_window_is_read")
def test_the_model_gets_masks_and_token_types(student, reference, rng, models):
    """Padding of the last window changes no score, and the model knows which tokens are the context.

    es: El relleno de la última ventana no cambia ningún score, y el modelo sabe qué tokens son el contexto.
    """

    def padded(facts):
        last = facts["windows"] - 1
        return facts["padding"] >= 6 and last > 0 and any(home == [last] for home in facts["homes"])

    cases = [asked(reference, rng, *pair(models, MBERT), padded, shape=(5, 30, 40, 1)) for _ in range(2)]
    assert_agree(student.n_best, reference.n_best, cases)
