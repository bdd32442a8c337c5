"""Hidden checks of 17_save_and_load.

Every folder is a new one. What was written there is loaded by the grader and compared with what loads from the folder
of the solution. Models are drawn, with heads of several kinds; new tokens are words of the text that is encoded then.
"""

from __future__ import annotations

import pytest

from grader import wire
from grader.judge.suite import ANY, assert_same, assert_that, listed

BERT = "bert-base-uncased"
NER = "dslim/bert-base-NER"
GPT2 = "gpt2"
SENTIMENT = "distilbert-base-uncased-finetuned-sst-2-english"
NAMES = ["joy", "anger", "fear", "calm", "tristeza", "sorpresa", "ironía", "asco", "very good", "otro"]
WORDS = ["Málaga", "niño", "lives", "doesn", "Qué", "Ana"]


def labels(rng, count):
    """Return an id2label with drawn names."""
    return dict(enumerate(rng.choice(NAMES, size=count, replace=False).tolist()))


def drawn_models(rng, models):
    """Return a tagger and a classifier with their tokenizers, both with labels of their own."""
    return [
        (models.twin(NER, "token-classification", labels=labels(rng, 5)), models.tokenizer(NER)),
        (models.twin(SENTIMENT, "sequence-classification", labels=labels(rng, 3)), models.tokenizer(SENTIMENT)),
    ]


def with_new_words(rng, models, name, count):
    """Return the tokenizer of a checkpoint, to which so many drawn words were added."""
    words = rng.choice(WORDS, size=count, replace=False).tolist()
    return models.tokenizer(name, extra_special_tokens=words)


def saved(player, models, model, tokenizer):
    """Save, and return what loads from the folder. Of the result only the form counts here: a list of something."""
    names = player.save(model, tokenizer, models.folder())
    (written,) = player.last.written.values()
    if not isinstance(names, (list, tuple)):
        assert_same(names, written.fields["files"])
    assert_that(
        all(name not in ("", None) for name in names),
        en="What comes back is no list of names.",
        es="Lo que vuelve no es una lista de nombres.",
    )
    return written.fields


def assert_saved_alike(student, reference, models, cases, part, fields):
    """Compare these fields of the `part` (model, tokenizer) that loads from each folder."""
    results = [saved(student, models, *case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = saved(reference, models, *case)[part].fields
        assert_that(
            got[part] is not None,
            en=f"No {part} loads from the folder; these files are there: {listed(got['files']) or 'none'}.",
            es=f"De la carpeta no carga ningún {SPANISH[part]}; contiene: {listed(got['files']) or 'nada'}.",
        )
        assert_same(got[part], {name: expected[name] for name in fields})


SPANISH = {"model": "modelo", "tokenizer": "tokenizer"}


def assert_loaded_alike(student, reference, cases, place, fields):
    """Compare these fields of the model (place 0) or the tokenizer (place 1) that comes back."""
    results = [student.load(case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = [ANY, ANY]
        expected[place] = {name: reference.load(case)[place].fields[name] for name in fields}
        assert_same(got, tuple(expected))


def test_the_model_loads_from_the_folder(student, reference, rng, models):
    """The folder gives back the model: its class, its labels and its logits.

    es: La carpeta devuelve el modelo: su clase, sus etiquetas y sus logits.
    """
    fields = ["class", "labels", "label_ids", "answer"]
    assert_saved_alike(student, reference, models, drawn_models(rng, models), "model", fields)


def test_the_tokenizer_loads_from_the_folder(student, reference, rng, models):
    """The folder gives back the tokenizer: the same ids, also for accents.

    es: La carpeta devuelve el tokenizer: los mismos ids, también con acentos.
    """
    fields = ["size", "special", "ids", "max_length"]
    assert_saved_alike(student, reference, models, drawn_models(rng, models), "tokenizer", fields)


@pytest.mark.rests_on("test_the_model_loads_from_the_folder")
def test_the_names_of_the_files_come_back(student, rng, models):
    """What comes back are the names of the files in the folder, sorted, and not their paths.

    es: Vuelven los nombres de los archivos de la carpeta, ordenados, y no sus rutas.
    """
    cases = [drawn_models(rng, models)[0], (models.twin(GPT2, "causal-lm"), models.tokenizer(GPT2))]
    results = []
    for case in cases:
        names = student.save(*case, models.folder())
        (written,) = student.last.written.values()
        results.append((names, written.fields["files"]))
    for names, files in results:
        assert_that(
            not any("/" in name for name in names if isinstance(name, str)),
            en=f"Paths came back; the names are {listed(files)}.",
            es=f"Volvieron rutas; los nombres son {listed(files)}.",
        )
        assert_same(names, files)


@pytest.mark.rests_on("test_the_model_loads_from_the_folder")
def test_new_tokens_have_an_embedding(student, reference, rng, models):
    """With tokens that were added to the tokenizer, the saved model has an embedding for each; the others stay.

    es: Con tokens añadidos al tokenizer, el modelo guardado tiene un embedding para cada uno; los demás no cambian.
    """
    counts = rng.choice([1, 2, 3, 4], size=2, replace=False).tolist()
    cases = [(models.twin(BERT, "masked-lm"), with_new_words(rng, models, BERT, count)) for count in counts]
    results = [saved(student, models, *case) for case in cases]
    for got, case in zip(results, cases, strict=True):
        expected = saved(reference, models, *case)["model"].fields["answer"]
        before = saved(reference, models, case[0], models.tokenizer(BERT))["model"].fields["answer"]
        answer = got["model"].fields["answer"]
        assert_that(
            answer.shape == expected.shape,
            en=f"The saved model knows {answer.shape[-1]} tokens, the saved tokenizer {expected.shape[-1]}.",
            es=f"El modelo guardado conoce {answer.shape[-1]} tokens; el tokenizer guardado, {expected.shape[-1]}.",
        )
        assert_same(answer[..., : before.shape[-1]], before)


@pytest.mark.rests_on("test_the_model_loads_from_the_folder")
def test_spare_embeddings_stay(student, reference, rng, models):
    """A model with more embeddings than the tokenizer has tokens keeps them.

    es: Un modelo con más embeddings que tokens tiene el tokenizer los conserva.
    """
    sizes = rng.choice([1010, 1016, 1024, 1032], size=2, replace=False).tolist()
    cases = [(models.twin(BERT, "masked-lm", vocab_size=size), models.tokenizer(BERT)) for size in sizes]
    assert_saved_alike(student, reference, models, cases, "model", ["answer"])


def test_the_model_comes_back_as_it_was(student, reference, rng, models):
    """The loaded model has the class and the logits of the one that was saved, and is in evaluation mode.

    es: El modelo cargado tiene la clase y los logits del que se guardó, y está en modo de evaluación.
    """
    cases = [models.folder(model=model, tokenizer=tokenizer) for model, tokenizer in drawn_models(rng, models)]
    assert_loaded_alike(student, reference, cases, 0, ["class", "answer", "training"])


@pytest.mark.rests_on("test_the_model_comes_back_as_it_was")
def test_the_labels_come_back(student, reference, rng, models):
    """The loaded model has the labels of the one that was saved, both ways.

    es: El modelo cargado tiene las etiquetas del que se guardó, en los dos sentidos.
    """
    cases = [models.folder(model=model, tokenizer=tokenizer) for model, tokenizer in drawn_models(rng, models)]
    assert_loaded_alike(student, reference, cases, 0, ["labels", "label_ids"])


def test_the_tokenizer_comes_back_with_its_new_tokens(student, reference, rng, models):
    """The loaded tokenizer knows the tokens that were added before it was saved.

    es: El tokenizer cargado conoce los tokens que se le añadieron antes de guardarlo.
    """
    cases = [
        models.folder(model=models.twin(name), tokenizer=with_new_words(rng, models, name, count))
        for name, count in ((BERT, 2), (NER, 3))
    ]
    assert_loaded_alike(student, reference, cases, 1, ["size", "ids"])


def alike(made, **changes):
    """Return a model drawn from the same seed, with these options changed."""
    return wire.Made(made.maker, {**made.options, **changes})


def assert_same_answers(student, reference, pairs):
    """Compare yes and no for each pair of models."""
    results = [student.same_weights(*pair) for pair in pairs]
    assert_same(results, [reference.same_weights(*pair) for pair in pairs])


def test_same_weights_are_the_same_and_others_are_not(student, reference, rng, models):
    """Models with equal weights are the same, whatever their labels are called; models drawn otherwise are not.

    es: Los modelos con pesos iguales son el mismo, se llamen como se llamen sus etiquetas; los de otros pesos, no.
    """
    one, two, three = (
        models.twin(name, "sequence-classification", labels=labels(rng, count))
        for name, count in ((BERT, 3), (BERT, 4), (SENTIMENT, 3))
    )
    other = models.twin(SENTIMENT, "sequence-classification", labels=labels(rng, 3))
    renamed = alike(one, labels=labels(rng, 3))
    pairs = [(one, two), (one, renamed), (two, renamed), (three, other), (three, three), (other, three), (two, one)]
    pairs.append((one, three))  # other names too
    assert_same_answers(student, reference, pairs)


@pytest.mark.rests_on("test_same_weights_are_the_same_and_others_are_not")
def test_one_number_makes_a_difference(student, reference, rng, models):
    """A single number that is off by 0.002, or two that changed places, make a difference, wherever they stand.

    es: Un solo número que se aparte 0,002, o dos que cambien de sitio, son una diferencia, estén donde estén.
    """
    one = models.twin(BERT, "token-classification", labels=labels(rng, 2))
    two = models.twin(SENTIMENT, "sequence-classification", labels=labels(rng, 2))
    pairs = [(one, models.nudged(one)), (one, one), (models.nudged(two), two)]
    pairs += [(model, models.nudged(model)) for model in (two, one, two)]
    pairs += [(one, models.nudged(one, by=0.5)), (models.nudged(two, by=0.5), two)]
    pairs += [(one, models.swapped(one)), (models.swapped(two), two), (models.swapped(one), models.swapped(one))]
    assert_same_answers(student, reference, pairs)


@pytest.mark.rests_on("test_same_weights_are_the_same_and_others_are_not")
def test_names_count(student, reference, rng, models):
    """A weight that only one of them has, or that has another name, is a difference; either can be the first.

    es: Un peso que solo tiene uno de los dos, o que se llama de otro modo, es una diferencia; cualquiera va primero.
    """
    classifier = models.twin(BERT, "sequence-classification", labels=labels(rng, 3))  # with a pooler
    tagger = models.with_weights_of(alike(classifier, head="token-classification"), classifier)  # without one
    pairs = [(tagger, classifier), (classifier, tagger), (tagger, tagger)]
    for model in (tagger, models.twin(SENTIMENT, "sequence-classification", labels=labels(rng, 3))):
        renamed = models.altered(model, renamed={"classifier": "score"})
        pairs += [(model, renamed), (renamed, model), (renamed, renamed)]
    assert_same_answers(student, reference, pairs)


@pytest.mark.rests_on("test_same_weights_are_the_same_and_others_are_not")
def test_another_head_is_a_difference(student, reference, rng, models):
    """A head that only one of them has, or that has another size, is a difference.

    es: Una cabeza que solo tiene uno de los dos, o que tiene otro tamaño, es una diferencia.
    """
    pairs = []
    for name in (SENTIMENT, BERT):
        body = models.twin(name)
        three, four = (alike(body, head="sequence-classification", labels=labels(rng, count)) for count in (3, 4))
        pairs += [(body, three), (three, four), (four, body)]
    assert_same_answers(student, reference, [*pairs, (three, three)])
