"""What the suite must know of texts before it chooses some."""


def lengths(tokenizer, texts):
    """Return how many tokens each text has."""
    return [len(ids) for ids in tokenizer(texts)["input_ids"]]


def text_of(tokenizer, ids):
    """Return a text whose tokens are these ids, or None if its tokens are others."""
    text = tokenizer.decode(ids.tolist())
    return text if tokenizer(text)["input_ids"] == ids.tolist() else None
