"""What a call is seen to change, what it asks of the models, and what it cannot carry over to the next call."""

import numpy as np
import pytest

from grader import wire
from grader.worker.serve import Server

MODULE = """
import random
import numpy, torch

def touch(ids):
    ids[0] = 7

def train(model):
    model.train()

def edit_label(model):
    model.config.id2label[0] = "MINE"

def edit_generation(model):
    model.generation_config.do_sample = True

def edit_weight(model):
    next(model.parameters()).data.add_(1)

def edit_tokenizer(tokenizer):
    tokenizer.padding_side = "left"

def edit_encoding(enc):
    enc["input_ids"] = enc["input_ids"] + 1

def append(items):
    items.append(1)

def settings():
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    torch.manual_seed(99)

def look():
    return [str(torch.get_default_dtype()), torch.is_grad_enabled(), torch.rand(()).item(), random.random(), float(numpy.random.rand())]

def ask(model, enc):
    model.eval()
    model(**enc)
    with torch.no_grad():
        model(enc["input_ids"], enc["attention_mask"])
        model(enc["input_ids"])

def save(model, tokenizer, folder):
    model.save_pretrained(folder)

def load(folder):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    return AutoModelForSequenceClassification.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)

def as_it_is(thing):
    return thing

def exists(folder):
    import os
    return os.path.exists(folder)

def path_of(folder):
    return str(folder)

def draw(gen):
    return torch.rand(2, generator=gen)

def draw_from_a_copy(gen):
    return torch.rand(2, generator=torch.Generator().set_state(gen.get_state()))

def span(model, tokenizer):
    enc = tokenizer("Where is it?", "It is in Madrid today", return_tensors="pt")
    out = model.eval()(**enc)
    pieces = tokenizer.convert_ids_to_tokens(enc["input_ids"][0])
    return pieces[out.start_logits.argmax()], out.end_logits.argmax().item(), out.start_logits[0, 0].item()

def read(model, tokenizer, enc, ids, items):
    return [model.config.id2label[0], tokenizer.padding_side, int(enc["input_ids"].sum()), int(ids[0]), items, model.training]
"""
SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
TOKENIZER = wire.Made("tokenizer", {"name": SST2})
MODEL = wire.Made("twin", {"name": SST2, "head": "sequence-classification", "labels": {0: "NEU", 1: "POS", 2: "NEG"}})
CAUSAL = wire.Made("twin", {"name": "gpt2", "head": "causal-lm"})
GENERATOR = wire.Made("generator", {"seed": 3})
ENC = wire.Made("encoding", {"tokenizer": TOKENIZER, "texts": ["What a wonderful day!", "I love this movie!"]})


@pytest.fixture(scope="module")
def server():
    server = Server()
    functions = ["touch"]
    reply = server.load({"key": "m", "module": "m", "source": MODULE, "file": "", "functions": functions, "banned": []})
    assert "error" not in reply
    return server


def call(server, function, *args, seed=1):
    return server.call({"key": "m", "function": function, "args": list(args), "kwargs": {}, "seed": seed})


@pytest.mark.parametrize(
    ("function", "argument", "changed"),
    [
        ("touch", [1, 2], []), ("train", MODEL, ["model.training"]), ("edit_label", MODEL, ["model.config"]),
        ("edit_weight", MODEL, ["model.weights"]),
        ("edit_generation", CAUSAL, ["model.config"]), ("edit_tokenizer", TOKENIZER, ["tokenizer"]),
        ("edit_encoding", ENC, ["enc"]), ("append", [1], ["items"]),
        ("draw", GENERATOR, ["generator.state"]), ("draw_from_a_copy", GENERATOR, []),
    ],
)  # fmt: skip
def test_a_change_is_seen_by_the_name_of_the_argument(server, function, argument, changed):
    if function == "touch":
        argument, changed = np.array([1, 2]), ["ids"]
    assert call(server, function, argument)["changed"] == changed


def test_changed_settings_are_seen_and_do_not_reach_the_next_call(server):
    before = call(server, "look")
    assert set(call(server, "settings")["changed"]) == {"default_dtype", "grad_mode", "rng"}
    after = call(server, "look")
    assert before["value"] == after["value"]
    assert after["value"][:2] == ["torch.float32", True]


def test_each_call_is_seeded(server):
    assert call(server, "look", seed=1)["value"][2:] == call(server, "look", seed=1)["value"][2:]
    assert call(server, "look", seed=1)["value"][2:] != call(server, "look", seed=2)["value"][2:]


def test_what_a_call_does_to_its_objects_does_not_reach_the_next_one(server):
    arguments = MODEL, TOKENIZER, ENC, np.array([1, 2]), [5]
    before = call(server, "read", *arguments)["value"]
    for function, argument in (
        ("edit_label", MODEL),
        ("train", MODEL),
        ("edit_tokenizer", TOKENIZER),
        ("edit_encoding", ENC),
    ):
        call(server, function, argument)
    assert call(server, "read", *arguments)["value"] == before


def test_a_model_records_how_it_was_asked(server):
    first, second, third = call(server, "ask", MODEL, ENC)["forwards"]
    assert first["grad"]
    assert first["mask"]
    assert not first["training"]
    assert first["shape"] == second["shape"] == third["shape"]
    assert not second["grad"]
    assert second["mask"]
    assert not third["mask"]


def test_a_folder_is_described_as_the_call_left_it(server):
    folder = wire.Made("folder", {"name": "mine"})
    written = call(server, "save", MODEL, TOKENIZER, folder)["written"]["folder"].fields
    assert "model.safetensors" in written["files"]
    assert written["tokenizer"] is None
    assert written["model"].fields["labels"] == {0: "NEU", 1: "POS", 2: "NEG"}
    untouched = call(server, "as_it_is", folder)["written"]["thing"].fields
    assert untouched == {"files": [], "model": None, "tokenizer": None}


def test_a_folder_is_no_change_and_gone_after_its_call(server):
    folder = wire.Made("folder", {"model": MODEL})
    assert call(server, "exists", folder)["value"]
    reply = call(server, "path_of", folder)
    assert reply["changed"] == []
    assert not call(server, "exists", reply["value"])["value"]


def test_models_and_tokenizers_come_back_as_descriptions(server):
    folder = wire.Made("folder", {"model": MODEL, "tokenizer": TOKENIZER})
    model, tokenizer = call(server, "load", folder)["value"]
    same = call(server, "as_it_is", MODEL)["value"]
    assert model.name == "model"
    assert model.fields["class"] == "DistilBertForSequenceClassification"
    answers = [np.frombuffer(record.fields["answer"].data, "float32") for record in (model, same)]
    np.testing.assert_allclose(*answers, atol=1e-5)
    assert not model.fields["training"]
    assert tokenizer.fields == call(server, "as_it_is", TOKENIZER)["value"].fields


def test_a_model_that_does_not_pickle_is_copied_all_the_same(server):
    model = wire.Made("twin", {"name": "bert-base-uncased", "output_hidden_states": True})
    assert call(server, "train", model)["changed"] == ["model.training"]
    assert call(server, "train", model)["changed"] == ["model.training"]


def test_a_planted_span_is_where_its_words_are(server):
    model = wire.Made(
        "planted_spans",
        {"tokenizer": TOKENIZER, "seed": 1, "starts": {"madrid": 5.0}, "ends": {"today": 4.0}, "null": -2.0},
    )
    start, _, null = call(server, "span", model, TOKENIZER)["value"]
    assert start == call(server, "span", model, TOKENIZER)["value"][0]
    assert "madrid".startswith(start)
    assert null == -2.0


def test_an_error_is_described_with_the_line_of_the_students_file(server):
    error = call(server, "touch", 3)["error"]
    assert error["types"][:2] == ["TypeError", "Exception"]
    assert error["line"] == 6
