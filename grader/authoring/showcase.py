"""What the taught checkpoints answer to a few inputs, the lesson's among them. `python -m grader.authoring.showcase`.

Run in a process of its own, with `cache.environment()` set: it imports torch and loads by public names. Each line on
stdout is a JSON list: task, input, answer. Nothing here knows recipes or trains.
"""

import json
from collections.abc import Iterator

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    set_seed,
)

SENTIMENT = "distilbert-base-uncased-finetuned-sst-2-english"
NER = "dslim/bert-base-NER"
SQUAD = "distilbert-base-uncased-distilled-squad"
ENGLISH, SPANISH = "bert-base-uncased", "dccuchile/bert-base-spanish-wwm-cased"
NEW_TOKENS = 24
SEED = 4


def answers() -> Iterator[tuple[str, str, str]]:
    """Yield (task, input, answer) for each example, an English one and a Spanish one of each task."""
    for text in ("I love this movie!", "Esta película es horrible"):
        yield "sentiment", text, _sentiment(text)
    for text in ("Steve Jobs founded Apple in California", "Begoña vive en Logroño con su familia"):
        yield "entities", text, _entities(text)
    for question, context in (
        ("What is the capital of France?", "Paris is the capital and largest city of France."),
        ("¿Quién escribió el Quijote?", "Miguel de Cervantes escribió el Quijote en 1605."),
    ):
        yield "question", f"{question} ({context})", _answer(question, context)
    spanish = "Los niños juegan al [MASK] en la plaza."
    for name, text in ((ENGLISH, "Paris is the [MASK] of France."), (SPANISH, spanish)):
        yield "mask", text, _filled(name, text)
    for text in ("Artificial intelligence is", "La inteligencia artificial es"):
        yield "text", text, _continued(text)


def _sentiment(text: str) -> str:
    tokenizer = AutoTokenizer.from_pretrained(SENTIMENT)
    model = AutoModelForSequenceClassification.from_pretrained(SENTIMENT)
    (row,) = model(**tokenizer(text, return_tensors="pt")).logits.softmax(-1)
    return f"{model.config.id2label[int(row.argmax())]} {row.max():.2f}"


def _entities(text: str) -> str:
    tokenizer = AutoTokenizer.from_pretrained(NER)
    model = AutoModelForTokenClassification.from_pretrained(NER)
    encoded = tokenizer(text, return_tensors="pt")
    labels = [model.config.id2label[int(id)] for id in model(**encoded).logits[0].argmax(-1)]
    found: list[tuple[str, str]] = []
    for word in sorted({word for word in encoded.word_ids() if word is not None}):
        place, (start, end) = encoded.word_to_tokens(word).start, encoded.word_to_chars(word)
        begins, _, kind = labels[place].partition("-")
        if begins == "I" and found:
            found[-1] = (f"{found[-1][0]} {text[start:end]}", kind)
        elif kind:
            found.append((text[start:end], kind))
    return ", ".join(f"{name} ({kind})" for name, kind in found)


def _answer(question: str, context: str) -> str:
    tokenizer = AutoTokenizer.from_pretrained(SQUAD)
    model = AutoModelForQuestionAnswering.from_pretrained(SQUAD)
    encoded = tokenizer(question, context, return_tensors="pt")
    outputs = model(**encoded)
    # Start and end are chosen together and in the context: the largest logits alone need not make an answer.
    inside = torch.tensor([part == 1 for part in encoded.sequence_ids(0)])
    scores = outputs.start_logits[0][:, None] + outputs.end_logits[0][None, :]
    allowed = (inside[:, None] & inside[None, :]).triu().tril(29)
    start, end = divmod(int(scores.masked_fill(~allowed, -torch.inf).argmax()), len(inside))
    return context[encoded.token_to_chars(start).start : encoded.token_to_chars(end).end]


def _filled(name: str, text: str) -> str:
    tokenizer, model = AutoTokenizer.from_pretrained(name), AutoModelForMaskedLM.from_pretrained(name)
    encoded = tokenizer(text, return_tensors="pt")
    place = int((encoded["input_ids"][0] == tokenizer.mask_token_id).nonzero())
    row = model(**encoded).logits[0, place].softmax(-1)
    return f"{tokenizer.convert_ids_to_tokens(int(row.argmax()))} {row.max():.2f}"


def _continued(text: str) -> str:
    tokenizer, model = AutoTokenizer.from_pretrained("gpt2"), AutoModelForCausalLM.from_pretrained("gpt2")
    encoded = tokenizer(text, return_tensors="pt")
    set_seed(SEED)
    ids = model.generate(  # type: ignore[misc]
        **encoded,
        max_new_tokens=NEW_TOKENS,
        do_sample=True,
        temperature=0.7,
        top_p=0.9,
        pad_token_id=tokenizer.eos_token_id,
    )
    return "… " + str(tokenizer.decode(ids[0, encoded["input_ids"].shape[1] :], skip_special_tokens=True)).strip()


if __name__ == "__main__":
    with torch.no_grad():
        for row in answers():
            print(json.dumps(row, ensure_ascii=False), flush=True)
