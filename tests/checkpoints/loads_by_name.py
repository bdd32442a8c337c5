"""Run by `test_loading`, in a process of its own: load names through their Auto classes with every socket refused.

Reads {name: [Auto class, …]} from stdin and writes {name: {Auto class: what was loaded}} to stdout, as JSON.
"""

import json
import socket
import sys
from typing import Any, NoReturn

import torch
import transformers
from transformers import AutoConfig, AutoTokenizer, pipeline

LABELS = {"AutoModelForSequenceClassification": 3, "AutoModelForTokenClassification": 5}


def refuse(*arguments: Any, **options: Any) -> NoReturn:
    raise AssertionError(f"a connection was tried: {arguments} {options}")


def loaded(name: str, auto: str) -> dict[str, Any]:
    tokenizer = AutoTokenizer.from_pretrained(name)
    model_class = getattr(transformers, auto)
    model, info = model_class.from_pretrained(name, output_loading_info=True)
    fresh = sorted(info["missing_keys"])
    if fresh and auto in LABELS:
        model = model_class.from_pretrained(name, num_labels=LABELS[auto])
    inputs = dict(tokenizer("I love this movie!", return_tensors="pt"))
    if model.config.is_encoder_decoder:
        inputs["decoder_input_ids"] = torch.zeros(1, 1, dtype=torch.long)
    with torch.no_grad():
        finite = bool(torch.isfinite(model(**inputs)[0]).all())
    return {
        "class": type(model).__name__,
        "fresh": fresh,
        "labels": list(model.config.id2label.items()),
        "layers": AutoConfig.from_pretrained(name).num_hidden_layers,
        "finite": finite,
        "training": model.training,
    }


def main() -> None:
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.create_connection = refuse
    socket.getaddrinfo = refuse
    wanted = json.load(sys.stdin)
    report: dict[str, Any] = {name: {auto: loaded(name, auto) for auto in autos} for name, autos in wanted.items()}
    report["pipelines"] = {
        "sentiment": pipeline("sentiment-analysis")("I love this movie!")[0]["label"],
        "entities": len(pipeline("ner", model="dslim/bert-base-NER")("Steve Jobs founded Apple in California")),
        "masks": len(pipeline("fill-mask", model="bert-base-uncased")("I love this [MASK].")),
        "text": pipeline("text-generation", model="gpt2")("I love", max_new_tokens=3)[0]["generated_text"],
    }
    json.dump(report, sys.stdout)


main()
