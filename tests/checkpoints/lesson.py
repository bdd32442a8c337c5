"""Run by `test_lesson`, in a process of its own with every socket refused: what the lesson's code does, block by block.

The lesson's fourteen blocks of code in their order: the same calls, names and inputs, and what each leads to as JSON on
stdout.
"""

import json
import socket
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    MT5ForConditionalGeneration,
)

BERT, SENTIMENT = "bert-base-uncased", "distilbert-base-uncased-finetuned-sst-2-english"
NER, SQUAD = "dslim/bert-base-NER", "distilbert-base-uncased-distilled-squad"
MULTILINGUAL = {
    AutoModel: ["bert-base-multilingual-cased", "xlm-roberta-base"],
    MT5ForConditionalGeneration: ["google/mt5-small"],
}
SPANISH = [
    "dccuchile/bert-base-spanish-wwm-cased",
    "PlanTL-GOB-ES/roberta-base-bne",
    "PlanTL-GOB-ES/roberta-base-biomedical-es",
]


def refuse(*arguments: Any, **options: Any) -> NoReturn:
    raise AssertionError(f"a connection was tried: {arguments} {options}")


def base_and_heads() -> dict[str, Any]:
    """Blocks 1 to 3: the classes, a base model, a classifier with a new head and one that was fine-tuned."""
    fresh = AutoModelForSequenceClassification.from_pretrained(BERT, num_labels=2)
    trained = AutoModelForSequenceClassification.from_pretrained(SENTIMENT)
    return {
        "classes": [AutoModelForMaskedLM.__name__],
        "parameters": AutoModel.from_pretrained(BERT).num_parameters(),
        "printed": str(AutoModel.from_pretrained(BERT)).splitlines()[0],
        "fresh": fresh.config.num_labels,
        "labels": trained.config.id2label[1],
    }


def sentiment(text: str) -> dict[str, Any]:
    """Block 4: from a text to a label."""
    tokenizer, model = (
        AutoTokenizer.from_pretrained(SENTIMENT),
        AutoModelForSequenceClassification.from_pretrained(SENTIMENT),
    )
    inputs = tokenizer(text, return_tensors="pt")
    model.eval()
    with torch.no_grad():
        outputs = model(**inputs)
    probs = torch.softmax(outputs.logits, dim=-1)
    return {
        "keys": list(inputs.keys()),
        "shape": list(outputs.logits.shape),
        "probs": probs[0].tolist(),
        "label": ["NEGATIVE", "POSITIVE"][torch.argmax(probs, dim=-1).item()],
    }


def outputs_and_hidden_states() -> dict[str, Any]:
    """Blocks 5 and 6: the fields of an output, and the hidden states."""
    inputs = AutoTokenizer.from_pretrained(SENTIMENT)("I love this movie!", return_tensors="pt")
    outputs = AutoModelForSequenceClassification.from_pretrained(BERT, num_labels=3)(**inputs)
    states = AutoModelForSequenceClassification.from_pretrained(BERT, num_labels=2, output_hidden_states=True)(**inputs)
    return {
        "type": type(outputs).__name__,
        "shape": list(outputs.logits.shape),
        "unasked": [outputs.hidden_states, outputs.attentions],
        "states": len(states.hidden_states),
        "last": list(states.hidden_states[-1].shape),
        "tokens": inputs["input_ids"].shape[1],
    }


def entities(text: str) -> list[list[str]]:
    """Block 7: the tokens that are not outside, with their labels."""
    tokenizer, model = AutoTokenizer.from_pretrained(NER), AutoModelForTokenClassification.from_pretrained(NER)
    inputs = tokenizer(text, return_tensors="pt")
    model.eval()
    with torch.no_grad():
        predictions = torch.argmax(model(**inputs).logits, dim=-1)
    tokens = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    named = [(token, model.config.id2label[id.item()]) for token, id in zip(tokens, predictions[0], strict=True)]
    return [list(pair) for pair in named if pair[1] != "O"]


def answer(question: str, context: str) -> str:
    """Block 8: the largest start and the largest end, each alone."""
    tokenizer, model = AutoTokenizer.from_pretrained(SQUAD), AutoModelForQuestionAnswering.from_pretrained(SQUAD)
    inputs = tokenizer(question, context, return_tensors="pt")
    model.eval()
    with torch.no_grad():
        outputs = model(**inputs)
    start, end = torch.argmax(outputs.start_logits), torch.argmax(outputs.end_logits)
    return str(tokenizer.decode(inputs["input_ids"][0][start : end + 1]))


def continued(prompt: str, seed: int) -> str:
    """Block 9: a sampled continuation."""
    tokenizer, model = AutoTokenizer.from_pretrained("gpt2"), AutoModelForCausalLM.from_pretrained("gpt2")
    tokenizer.pad_token = tokenizer.eos_token
    inputs = tokenizer(prompt, return_tensors="pt")
    model.eval()
    torch.manual_seed(seed)
    with torch.no_grad():
        outputs = model.generate(
            **inputs,
            max_new_tokens=30,
            do_sample=True,
            temperature=0.7,
            top_p=0.9,
            pad_token_id=tokenizer.eos_token_id,
        )
    return str(tokenizer.decode(outputs[0], skip_special_tokens=True))


def other_models() -> list[str]:
    """Blocks 10 and 11: multilingual and Spanish models."""
    loaded = [auto.from_pretrained(name) for auto, names in MULTILINGUAL.items() for name in names]
    return [type(model).__name__ for model in (*loaded, *map(AutoModel.from_pretrained, SPANISH))]


def configured_saved_and_moved() -> dict[str, Any]:
    """Blocks 12 to 14: a changed config, a folder, a device."""
    config = AutoConfig.from_pretrained(BERT)
    sizes = [config.hidden_size, config.num_hidden_layers, config.num_attention_heads, config.vocab_size]
    config.num_labels = 5
    model, tokenizer = (
        AutoModelForSequenceClassification.from_pretrained(BERT, config=config),
        AutoTokenizer.from_pretrained(BERT),
    )
    inputs = tokenizer("I love this movie!", return_tensors="pt")
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(Path(folder) / "my_model")
        tokenizer.save_pretrained(Path(folder) / "my_model")
        model = AutoModelForSequenceClassification.from_pretrained(Path(folder) / "my_model")
        tokenizer = AutoTokenizer.from_pretrained(Path(folder) / "my_model")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = model.to(device)
    moved = {name: value.to(device) for name, value in inputs.items()}
    return {
        "sizes": sizes,
        "shape": list(model(**moved).logits.shape),
        "mapped": AutoModel.from_pretrained(BERT, device_map="auto").device.type,
    }


def main() -> None:
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.create_connection = refuse
    socket.getaddrinfo = refuse
    report = {
        "heads": base_and_heads(),
        "sentiment": {text: sentiment(text) for text in ("I love this movie!", "Esta película es horrible")},
        "outputs": outputs_and_hidden_states(),
        "entities": entities("Steve Jobs founded Apple in California"),
        "answer": answer("What is the capital of France?", "Paris is the capital and largest city of France."),
        "texts": {
            prompt: [continued(prompt, seed) for seed in range(5)]
            for prompt in ("Artificial intelligence is", "La inteligencia artificial es")
        },
        "others": other_models(),
        "rest": configured_saved_and_moved(),
    }
    print(json.dumps(report))


main()
