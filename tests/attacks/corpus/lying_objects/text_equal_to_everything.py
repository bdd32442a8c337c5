"""
Tries:      to name every label at once, by a str that equals all others and has their hash
Stopped by: wire
Honest:     probabilities
"""


class Label(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("POS")

    def __str__(self):
        return "POS"

    def encode(self, *args):
        return b"POS"


def predict(model, tokenizer, texts, threshold=0.5):
    return [{Label("label"): Label("any"), Label("score"): 0.5} for _ in texts]
