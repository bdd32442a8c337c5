"""Hidden checks of 07_entity_spans.

Each rule about labels has a check of its own, with rows of labels that break no other rule. The texts for `entities`
are drawn until the labels of their words are well-formed, so that these checks are about words, characters and scores.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.suite import assert_agree, assert_unchanged

NER = "dslim/bert-base-NER"
PLAIN = "distilbert-base-uncased-distilled-squad"  # knows neither capitals nor accents
TYPES = ["PER", "LOC", "ORG", "MISC"]
LABELS = [
    {0: "I-LOC", 1: "O", 2: "B-LOC"},
    {0: "B-PER", 1: "I-PER", 2: "O"},
    {0: "I-ORG", 1: "B-ORG", 2: "B-PER", 3: "O", 4: "I-PER"},
]
WORDS = ["Berlin", "California", "Google", "Marie", "Newton", "Portugal", "company", "founded", "museum", "river"]
BROKEN = ["Telefónica", "Wittgenstein", "Zaragoza", "Kowalski", "Vilanova", "Schmidt", "Oviedo", "Núñez", "Málaga"]
MARKED = ["x ##y", "Ana##", "Vitoria-Gasteiz", "Telefónica, Lima", "José  Muñiz", "NÚÑEZ  ÑANDÚ", "MÁLAGA", "Ana ☃"]


def well_formed(labels):
    """Whether every entity begins with B-, has one type, does not touch another one, and is not at the end."""
    pairs = list(zip(["O", *labels], labels, strict=False))
    return labels[-1] == "O" and all(
        label == "O" or (before == "O" if label[0] == "B" else before[2:] == label[2:]) for before, label in pairs
    )


def long_ones(labels, _):
    """Whether there is an entity of two words or more, and the labels are well-formed."""
    return well_formed(labels) and any(label[0] == "I" for label in labels)


def long_ones_in_pieces(labels, text):
    """Whether an entity has two words or more, one of an entity has several pieces, and the labels are well-formed."""
    named = [word for word, label in zip(text.split(), labels, strict=True) if label != "O"]
    return long_ones(labels, text) and any(word in BROKEN for word in named)


def all_long(labels, _):
    """Whether the labels are one entity of all words but the first and the last."""
    return well_formed(labels) and labels[0] == "O" and labels[1][0] == "B" and all(x[0] == "I" for x in labels[2:-1])


def single_ones(labels, _):
    """Whether there are two entities or more, each of one word, and the labels are well-formed."""
    prefixes = [label[0] for label in labels]
    return well_formed(labels) and "I" not in prefixes and prefixes.count("B") > 1


def repeated(labels, text):
    """Whether the labels are well-formed, and a word that is an entity comes earlier in the text as well."""
    words = text.split()
    alone = [at for at, label in enumerate(labels[:-1]) if label[0] == "B" and labels[at + 1] == "O"]
    return well_formed(labels) and any(words[at] in words[:at] for at in alone)


def mixed_words(rng):
    """Return a text of 5 words: three of several pieces, two of one."""
    return " ".join(rng.permutation([*rng.choice(BROKEN, 3, replace=False), *rng.choice(WORDS, 2, replace=False)]))


def whole_words(rng):
    """Return a text of 7 words of one piece each."""
    return " ".join(rng.choice(WORDS, 7, replace=False))


def marked_words(rng, marked):
    """Return a text with `marked` between one word and another."""
    return f"{rng.choice(WORDS)} {marked} {rng.choice(WORDS)}"


def doubled_words(rng):
    """Return a text whose words come more than once."""
    one, other = rng.choice(BROKEN), rng.choice(WORDS)
    return " ".join(rng.permutation([one, one, other, other, one]))


def cases(reference, rng, models, labels, text, wanted, how="first", count=1, name=NER, train=False):
    """Return cases (model, tokenizer, text, how) of a planted tagger whose word labels are `wanted`, and clear."""
    tokenizer, found = models.tokenizer(name), []
    while not found:
        model = models.tagger(tokenizer, labels, train=train)
        texts = sorted({text(rng) for _ in range(150)})
        facts = reference.facts(model, tokenizer, texts, how)
        found = [t for t, (named, lead) in zip(texts, facts, strict=True) if lead >= 0.03 and wanted(named, t)]
    chosen = rng.permutation(len(found))[:count]
    return [(model, tokenizer, found[int(place)], how) for place in chosen]


def rows(rng, pieces, labels):
    """Return probabilities (pieces, labels) in float32, without ties."""
    logits = rng.normal(scale=1.5, size=(pieces, labels))
    return (np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)).astype(np.float32)


def word_ids(rng, words):
    """Return the words of pieces: 1 to 4 pieces a word, a special token at each end, some numbers left out."""
    numbers = np.cumsum(rng.integers(1, 3, size=words))
    return [None, *(int(n) for n in numbers for _ in range(int(rng.integers(1, 5)))), None]


def pieces_of_words(rng, how):
    """Return two cases of `word_scores`, the second with special tokens inside as well."""
    found = []
    while len(found) < 2:
        ids = word_ids(rng, 4) + (word_ids(rng, 3) if found else [])
        if found:  # a pair of texts: the second one's words go on counting
            middle = ids.index(None, 1)
            ids = ids[:middle] + [None] + [n if n is None else n + 40 for n in ids[middle + 2 :]]
        if max(ids.count(n) for n in ids if n is not None) > 2:
            found.append((rows(rng, len(ids), 5), ids, how))
    return found


def kinds(rng, count=2):
    return [str(kind) for kind in rng.choice(TYPES, size=count, replace=False)]


def test_labels_form_entities(student, reference, rng):
    """B- begins an entity, I- continues it, and O ends it.

    es: B- empieza una entidad, I- la continúa y O la cierra.
    """
    inputs = []
    for _ in range(3):
        labels = ["O"] * int(rng.integers(3))
        for kind in kinds(rng, 3):
            labels += [f"B-{kind}"] + [f"I-{kind}"] * int(rng.integers(3)) + ["O"] * int(rng.integers(1, 3))
        inputs.append((labels,))
    assert_agree(student.group, reference.group, [*inputs, (["O", "O"],)])


@pytest.mark.rests_on("test_labels_form_entities")
def test_a_b_label_always_begins_an_entity(student, reference, rng):
    """Two B- labels side by side are two entities, also of one type.

    es: Dos etiquetas B- seguidas son dos entidades, aunque sean del mismo tipo.
    """
    inputs = []
    for middle in (0, 2):
        (kind,) = kinds(rng, 1)
        inputs.append((["O", f"B-{kind}", *[f"I-{kind}"] * middle, f"B-{kind}", f"I-{kind}", "O"],))
    assert_agree(student.group, reference.group, inputs)


@pytest.mark.rests_on("test_labels_form_entities")
def test_an_i_label_without_its_b_begins_an_entity(student, reference, rng):
    """An I- label with nothing to continue begins an entity: the first one, and one after O.

    es: Una etiqueta I- sin nada que continuar empieza una entidad: la primera, y la que sigue a O.
    """
    kind, other = kinds(rng)
    inputs = [
        ([f"I-{kind}", f"I-{kind}", "O", "O"],),
        (["O", f"B-{other}", "O", f"I-{other}", f"I-{other}", "O"],),
        (["O", "O", f"I-{kind}", "O"],),
    ]
    assert_agree(student.group, reference.group, inputs)


@pytest.mark.rests_on("test_labels_form_entities")
def test_another_type_begins_another_entity(student, reference, rng):
    """An I- label of another type begins an entity; the type is all that stands behind the first hyphen.

    es: Una etiqueta I- de otro tipo empieza una entidad; el tipo es todo lo que hay tras el primer guion.
    """
    kind, other = kinds(rng)
    inputs = [
        (["O", f"B-{kind}", f"I-{other}", f"I-{other}", "O"],),
        ([f"B-{other}", f"I-{other}", f"I-{kind}", "O"],),
        (["O", f"B-{kind}-NAME", f"I-{kind}-NAME", f"I-{kind}-ROLE", "O"],),
    ]
    assert_agree(student.group, reference.group, inputs)


@pytest.mark.rests_on("test_labels_form_entities")
def test_the_last_entity_counts(student, reference, rng):
    """An entity that lasts until the last label is an entity; the labels stay as they are.

    es: Una entidad que llega hasta la última etiqueta es una entidad; las etiquetas no cambian.
    """
    inputs = []
    for more in (0, 2):
        kind, other = kinds(rng)
        inputs.append(([f"B-{kind}", "O", f"B-{other}", *[f"I-{other}"] * more],))
    assert_agree(student.group, reference.group, inputs)
    assert_unchanged(student)


def test_the_first_piece_can_speak_for_the_word(student, reference, rng):
    """With "first", a word has the row of its first piece; special tokens are no words.

    es: Con "first", una palabra tiene la fila de su primer trozo; los tokens especiales no son palabras.
    """
    assert_agree(student.word_scores, reference.word_scores, pieces_of_words(rng, "first"))


@pytest.mark.rests_on("test_the_first_piece_can_speak_for_the_word")
def test_the_pieces_of_a_word_can_be_averaged(student, reference, rng):
    """With "average", a word has the mean of the rows of its pieces; what was handed in stays as it is.

    es: Con "average", una palabra tiene la media de las filas de sus trozos; lo que se recibe no cambia.
    """
    assert_agree(student.word_scores, reference.word_scores, pieces_of_words(rng, "average"))
    assert_unchanged(student)


@pytest.mark.rests_on("test_the_first_piece_can_speak_for_the_word")
def test_the_surest_piece_can_speak_for_the_word(student, reference, rng):
    """With "max", a word has the row of the piece with the largest probability; what was handed in stays as it is.

    es: Con "max", una palabra tiene la fila del trozo con la probabilidad más alta; lo que se recibe no cambia.
    """
    assert_agree(student.word_scores, reference.word_scores, pieces_of_words(rng, "max"))
    assert_unchanged(student)


def test_entities_are_made_of_words(student, reference, rng, models):
    """Type, start and end of the entities of a text: whole words, in characters.

    es: Tipo, inicio y fin de las entidades de un texto: palabras enteras, en caracteres.
    """
    inputs = [case for labels in LABELS for case in cases(reference, rng, models, labels, mixed_words, long_ones)]
    inputs += cases(reference, rng, models, LABELS[0], doubled_words, repeated)
    inputs.append((*inputs[0][:2], ""))
    assert_agree(student.entities, reference.entities, [case[:3] for case in inputs], ignoring=["text", "score"])


@pytest.mark.rests_on("test_entities_are_made_of_words")
def test_an_entity_is_written_as_in_the_text(student, reference, rng, models):
    """The text of an entity is the part of the text from start to end, with its accents, spaces and signs.

    es: El texto de una entidad es la parte del texto de start a end, con sus tildes, espacios y signos.
    """
    inputs = []
    for places in ([0, 1], [2, 3, 4], [5, 6, 7]):
        word = MARKED[int(rng.choice(places))]
        name = PLAIN if word == word.upper() else NER
        inputs += cases(
            reference, rng, models, LABELS[0], lambda rng, word=word: marked_words(rng, word), all_long, name=name
        )
    assert_agree(student.entities, reference.entities, inputs, ignoring=["start", "end", "score"])


@pytest.mark.rests_on("test_entities_are_made_of_words")
def test_the_score_is_the_mean_of_the_words(student, reference, rng, models):
    """The score of an entity is the mean of its words' scores, each made of its pieces as `how` says.

    es: El score de una entidad es la media de los de sus palabras, cada uno hecho de sus trozos como dice `how`.
    """
    inputs = [
        case
        for how, labels in zip(("first", "average", "max"), (LABELS[2], LABELS[0], LABELS[1]), strict=True)
        for case in cases(reference, rng, models, labels, mixed_words, long_ones_in_pieces, how)
    ]
    assert_agree(student.entities, reference.entities, inputs, ignoring=["text"])


@pytest.mark.rests_on("test_entities_are_made_of_words")
def test_a_model_in_training_mode_works_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode; its weights and config stay as they are.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento; los pesos y la config no cambian.
    """
    inputs = [
        case
        for labels in LABELS[:2]
        for case in cases(reference, rng, models, labels, whole_words, single_ones, count=2, train=True)
    ]
    assert_agree(student.entities, reference.entities, inputs, ignoring=["text"])
    assert_unchanged(student)
