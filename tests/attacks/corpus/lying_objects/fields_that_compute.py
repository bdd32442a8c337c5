"""
Tries:      to run code when its fields are read, by a dataclass with properties and a tuple with more names than items
Stopped by: wire
Honest:     probabilities
"""

import dataclasses
import os


@dataclasses.dataclass
class Prediction:
    label: str = "POS"
    score: float = 0.5

    def __getattribute__(self, name):
        if name == "score":
            os._exit(0)
        return object.__getattribute__(self, name)


class Pair(tuple):
    _fields = ("label", "score", "__class__", "__dict__", "missing")


def predict(model, tokenizer, texts, threshold=0.5):
    if len(texts) % 2:
        return [Pair(("POS", 0.5))]
    return [Prediction()]
