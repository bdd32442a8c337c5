"""Hidden checks of 18_devices.

No GPU is needed: the meta device is as far from the CPU as a GPU is, and a pretended machine says how many CUDA devices
it has. Encodings are put on the CPU by name, where tokenizers leave them, also when the models are on a GPU.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.draws import sentences, uneven_logits
from grader.judge.suite import assert_agree, assert_same, assert_that, assert_unchanged

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
LABELS = {0: "NEU", 1: "POS", 2: "NEG"}
MARGIN, HALF_MARGIN = 1e-2, 0.25  # between the first two logits; half precision keeps about three digits


def assert_same_devices(student, reference, models, preferences, cuda):
    """Compare devices by name on machines with so many CUDA devices; the first of these has two names."""
    named = [
        {
            f"prefer={prefer!r}, cuda: {count}": str(player.pick_device(models.on_machine(prefer, count))).replace(
                "cuda:0", "cuda"
            )
            for prefer in preferences
            for count in cuda
        }
        for player in (student, reference)
    ]
    assert_same(*named)


def classify(models, rng, count=5, **options):
    """Return (model, tokenizer, texts): a planted classifier that knows `count` texts, hardly two neighbours alike."""
    tokenizer = models.tokenizer(SST2)
    texts = sentences(rng, count)
    rows = np.concatenate([uneven_logits(rng, min(count, 6), len(LABELS)) for _ in range(-(-count // 6))])[:count]
    return models.classifier(tokenizer, dict(zip(texts, rows, strict=True)), LABELS, **options), tokenizer, texts


def classify_long(models, reference, rng, count, limit=None):
    """Return (model, tokenizer, texts): a classifier that gives texts above the maximum other labels when uncut.

    With a `limit` it takes the place of the tokenizer's 512, and the texts are shorter than those.
    """
    tokenizer = models.tokenizer(SST2, model_max_length=limit) if limit else models.tokenizer(SST2)
    number, times = (4, 1) if limit else (20, 8)
    while True:
        texts = [" ".join(" ".join(sentences(rng, number)).split() * times) for _ in range(count)]
        rows = uneven_logits(rng, count, len(LABELS))
        model = models.classifier(tokenizer, dict(zip(texts, rows, strict=True)), LABELS)
        case = model, tokenizer, texts
        if reference.least_margin(*case) >= MARGIN and reference.predict_on(*case) != rows.argmax(-1).tolist():
            return case


def encoded(models, rng, count):
    return models.moved(models.encoding(models.tokenizer(SST2), sentences(rng, count)), "cpu")


def here_and_far(models, rng):
    """Return a model on the CPU and one on the meta device."""
    return classify(models, rng)[0], models.far(uneven_logits(rng, 1, len(LABELS))[0], LABELS)


def test_the_gpu_where_there_is_one_and_the_cpu_elsewhere(student, reference, models):
    """Without a preference it is the CUDA device, and the CPU where there is none.

    es: Sin preferencia es el dispositivo CUDA, y la CPU donde no hay ninguno.
    """
    assert_same_devices(student, reference, models, [None], cuda=(0, 1))


@pytest.mark.rests_on("test_the_gpu_where_there_is_one_and_the_cpu_elsewhere")
def test_a_preference_that_can_be_fulfilled_is(student, reference, models):
    """A preferred device that the machine has is the one.

    es: Si la máquina tiene el dispositivo preferido, es ese.
    """
    assert_same_devices(student, reference, models, ["cpu", None, "meta", "cuda:1", "cuda"], cuda=(2,))


@pytest.mark.rests_on("test_the_gpu_where_there_is_one_and_the_cpu_elsewhere")
def test_a_gpu_that_is_not_there_gives_way_to_the_cpu(student, reference, models):
    """A preferred CUDA device gives way to the CPU where there is none; other names stay.

    es: Un dispositivo CUDA preferido cede el sitio a la CPU donde no lo hay; los demás nombres quedan.
    """
    assert_same_devices(student, reference, models, ["cuda", "meta", "cuda:1"], cuda=(0,))


def test_every_tensor_goes_where_the_model_is(student, reference, rng, models):
    """Each tensor of the encoding is on the model's device.

    es: Cada tensor de la codificación está en el dispositivo del modelo.
    """
    cases = [(encoded(models, rng, 3), model) for model in here_and_far(models, rng)]
    assert_agree(student.move, reference.move, cases)


def test_an_encoding_of_which_a_part_is_there_goes_whole(student, reference, rng, models):
    """It does not matter which of the tensors were on the device before.

    es: No importa qué tensores estaban ya en el dispositivo.
    """
    here, far = here_and_far(models, rng)
    parts = [models.moved(encoded(models, rng, 3), "meta", [key]) for key in ("input_ids", "attention_mask")]
    assert_agree(student.move, reference.move, [(encoded(models, rng, 2), here), *((part, far) for part in parts)])


@pytest.mark.rests_on("test_every_tensor_goes_where_the_model_is")
def test_further_tensors_go_too_and_what_is_no_tensor_stays(student, reference, rng, models):
    """Any other tensor in the encoding goes too, with its dtype; a list stays as it is.

    es: Cualquier otro tensor de la codificación va también, con su dtype; una lista se queda como está.
    """
    cases = []
    for model in here_and_far(models, rng):
        tensors = {"weights": rng.random(3, dtype=np.float32), "kept": rng.random((3, 2)) < 0.5}
        others = {"texts": sentences(rng, 3), "number": int(rng.integers(100))}
        cases.append((models.with_entries(encoded(models, rng, 3), **tensors, **others), model))
    assert_agree(student.move, reference.move, cases)


@pytest.mark.rests_on("test_every_tensor_goes_where_the_model_is")
def test_an_encoding_keeps_its_methods(student, reference, rng, models):
    """It is still a BatchEncoding that knows its tokens, as `word_ids()` shows.

    es: Sigue siendo un BatchEncoding que conoce sus tokens, como muestra `word_ids()`.
    """
    cases = [(encoded(models, rng, 3), model) for model in here_and_far(models, rng)]
    moved = []
    for case in cases:
        moved.append((student.move(*case), student.last.written.get("result")))
    for case, (got, described) in zip(cases, moved, strict=True):
        expected = reference.move(*case)
        assert_that(described, "The result is not a BatchEncoding.", "El resultado no es un BatchEncoding.")
        assert_that(
            described.fields["words"] == reference.last.written["result"].fields["words"],
            "The BatchEncoding no longer knows its tokens: word_ids() fails.",
            "El BatchEncoding ya no conoce sus tokens: word_ids() falla.",
        )
        assert_same(got, expected)


def test_each_text_gets_the_id_of_its_likeliest_label(student, reference, rng, models):
    """`predict_on` gives the ids of the likeliest labels, in the order of the texts.

    es: `predict_on` da los ids de las etiquetas más probables, en el orden de los textos.
    """
    assert_agree(student.predict_on, reference.predict_on, [classify(models, rng, count) for count in (6, 1, 5)])


@pytest.mark.rests_on("test_each_text_gets_the_id_of_its_likeliest_label")
def test_a_model_in_training_mode_predicts_without_dropout(student, reference, rng, models):
    """Dropout is off, even if the model arrives in training mode.

    es: El dropout no actúa, aunque el modelo llegue en modo de entrenamiento.
    """
    assert_agree(student.predict_on, reference.predict_on, [classify(models, rng, 36, train=True) for _ in range(3)])


@pytest.mark.rests_on("test_each_text_gets_the_id_of_its_likeliest_label")
def test_a_text_above_the_maximum_is_cut_there(student, reference, rng, models):
    """A text that is longer than the tokenizer's maximum is cut there.

    es: Un texto más largo que el máximo del tokenizer se corta ahí.
    """
    small = (int(limit) for limit in rng.choice(np.arange(10, 20), size=2, replace=False))
    cases = [classify_long(models, reference, rng, 2), *(classify_long(models, reference, rng, 3, to) for to in small)]
    assert_agree(student.predict_on, reference.predict_on, cases)


@pytest.mark.rests_on("test_each_text_gets_the_id_of_its_likeliest_label")
def test_a_far_model_gets_its_inputs_and_gives_plain_numbers(student, reference, rng, models):
    """With the model on another device, inputs go there and numbers come back.

    es: Con el modelo en otro dispositivo, las entradas van allí y vuelven números.
    """
    rows = uneven_logits(rng, 3, len(LABELS))
    tokenizer = models.tokenizer(SST2)
    cases = [
        (models.far(row, LABELS), tokenizer, sentences(rng, count)) for row, count in zip(rows, (2, 1, 3), strict=True)
    ]
    assert_agree(student.predict_on, reference.predict_on, cases)


@pytest.mark.rests_on("test_each_text_gets_the_id_of_its_likeliest_label")
def test_a_model_that_was_left_on_the_cpu_beside_a_gpu_is_used_there(student, reference, rng, models):
    """Where the machine has a GPU and the model is on the CPU, both stay on the CPU, and the model as it was.

    es: Si la máquina tiene una GPU y el modelo está en la CPU, los dos se quedan en la CPU, y el modelo como estaba.
    """
    cases = [classify(models, rng, count) for count in (4, 2)]
    cases = [(models.on_machine(models.moved(model, "cpu"), 1), *others) for model, *others in cases]
    assert_agree(student.predict_on, reference.predict_on, cases)
    assert_unchanged(student)


@pytest.mark.gpu
@pytest.mark.rests_on("test_an_encoding_keeps_its_methods")
def test_on_a_real_gpu(student, reference, rng, models):
    """On a machine with a GPU it is the one that is picked, inputs go to it, and the labels are those of the CPU.

    es: En una máquina con GPU se elige esa, las entradas van a ella y las etiquetas son las de la CPU.
    """
    cases = [classify(models, rng, count) for count in (4, 3)]
    assert_same(str(student.pick_device()).replace("cuda:0", "cuda"), models.device)
    assert_same(str(student.pick_device("cpu")), "cpu")
    for model, *_ in cases:
        student.move(encoded(models, rng, 3), model)
        described = student.last.written.get("result")
        assert_that(
            described and described.fields["devices"] == [models.device],
            "Not every tensor is on the device of the model.",
            "No todos los tensores están en el dispositivo del modelo.",
        )
    assert_agree(student.predict_on, reference.predict_on, cases)


@pytest.mark.gpu
@pytest.mark.rests_on("test_on_a_real_gpu")
def test_in_half_precision(student, reference, rng, models):
    """A model of half precision on the GPU gives the same labels.

    es: Un modelo de media precisión en la GPU da las mismas etiquetas.
    """
    cases = []
    while len(cases) < 3:
        model = models.twin(SST2, "sequence-classification", labels=LABELS)
        case = (models.altered(model, cast={"": "float16"}), models.tokenizer(SST2), sentences(rng, 4))
        if reference.least_margin(*case) >= HALF_MARGIN and len(set(reference.predict_on(*case))) > 1:
            cases.append(case)
    assert_agree(student.predict_on, reference.predict_on, cases)


@pytest.mark.gpu
@pytest.mark.rests_on("test_on_a_real_gpu")
def test_with_a_model_that_device_map_has_split(student, reference, rng, models):
    """A model that is split over the GPU and the CPU stays so, and predicts the same.

    es: Un modelo repartido entre la GPU y la CPU sigue así, y predice lo mismo.
    """
    cases = []
    while len(cases) < 2:
        model, tokenizer = models.twin(SST2, "sequence-classification", labels=LABELS), models.tokenizer(SST2)
        texts = sentences(rng, 4)
        if (
            reference.least_margin(model, tokenizer, texts) >= MARGIN
            and len(set(reference.predict_on(model, tokenizer, texts))) > 1
        ):
            cases.append((models.spread(model), tokenizer, texts))
    assert_agree(student.predict_on, reference.predict_on, cases)
