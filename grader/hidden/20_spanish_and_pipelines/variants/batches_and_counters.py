"""All texts in one call, counts by Counter, accents dropped by category, max of a list for the label."""

from collections import Counter
from itertools import chain


def unknown_rate(tokenizer, texts):
    counts = Counter(chain.from_iterable(tokenizer(texts, add_special_tokens=False).input_ids))
    return counts[tokenizer.unk_token_id] / max(1, sum(counts.values()))


def fertility(tokenizer, texts):
    encoded = tokenizer(texts, add_special_tokens=False, return_length=True, padding=False, truncation=False)
    words = len(" ".join(texts).split())
    return sum(len(row) for row in encoded["input_ids"]) / words if words > 0 else 0.0


def without_accents(word):
    return "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")


def lost_accents(tokenizer, words):
    def loses(word):
        pieces = tokenizer.encode(word, add_special_tokens=False)
        return pieces == tokenizer.encode(without_accents(word), add_special_tokens=False) or any(
            piece == tokenizer.unk_token_id for piece in pieces
        )

    return [word for word in words if without_accents(word) != unicodedata.normalize("NFC", word) and loses(word)]


@torch.inference_mode()
def classify(model, tokenizer, texts):
    enc = tokenizer(
        texts, padding="longest", truncation=True, max_length=tokenizer.model_max_length, return_tensors="pt"
    )
    out = model.train(False)(**enc)[0]
    labels = model.config.id2label
    sigmoid = len(labels) == 1 or model.config.problem_type == "multi_label_classification"
    results = []
    for row in (torch.sigmoid(out) if sigmoid else torch.softmax(out, 1)).tolist():
        named = {labels[i]: p for i, p in enumerate(row)}
        label = max(named, key=named.get)
        results.append({"label": label, "score": named[label]})
    return results
