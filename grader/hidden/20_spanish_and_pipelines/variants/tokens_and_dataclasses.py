"""Tokens by `tokenize`, helpers of their own, sorted probabilities, results as dataclasses."""

from dataclasses import dataclass


@dataclass
class Answer:
    label: str
    score: float


def _ids(tokenizer, text):
    return tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text))


def unknown_rate(tokenizer, texts):
    flags = [token == tokenizer.unk_token_id for text in texts for token in _ids(tokenizer, text)]
    return float(torch.tensor(flags).float().mean()) if flags else 0


def fertility(tokenizer, texts):
    pieces, words = 0, 0
    for text in texts:
        pieces += len(tokenizer.tokenize(text))
        words += len(text.split())
    try:
        return pieces / words
    except ZeroDivisionError:
        return 0.0


def without_accents(word):
    bare = ""
    for letter in unicodedata.normalize("NFC", word):
        base, *_ = unicodedata.normalize("NFD", letter)
        bare += base
    return bare


def lost_accents(tokenizer, words):
    accented = filter(lambda word: any(map(unicodedata.combining, unicodedata.normalize("NFD", word))), words)
    return [
        word
        for word in accented
        if tokenizer.unk_token_id in _ids(tokenizer, word)
        or tokenizer.tokenize(word) == tokenizer.tokenize(without_accents(word))
    ]


def classify(model, tokenizer, texts):
    model.eval()
    batch = tokenizer.__call__(text=texts, padding=True, truncation=True, return_tensors="pt")
    logits = model(batch["input_ids"], attention_mask=batch["attention_mask"]).logits.detach()
    if model.config.num_labels > 1 and model.config.problem_type != "multi_label_classification":
        scores = logits.log_softmax(-1).exp()
    else:
        scores = torch.special.expit(logits)
    ordered, places = scores.sort(dim=-1, descending=True)
    return [
        Answer(model.config.id2label[int(place)], float(score)) for score, place in zip(ordered[:, 0], places[:, 0])
    ]
