"""
Tries:      to have the judge's own sentences filled in anew: braces, percent signs, markup of rich and of Jinja
Stopped by: judge
Honest:     probabilities
"""

TEXT = "{got} {0} {self.__class__} {values[seed]} %s %(x)s {{ 7*7 }} [/red] [link=http://example.org]x[/link] [bold"


def predict(model, tokenizer, texts, threshold=0.5):
    if len(texts) % 2:
        raise KeyError(TEXT)
    return [{TEXT: 1, "label": TEXT, "score": 0.5} for _ in texts]
