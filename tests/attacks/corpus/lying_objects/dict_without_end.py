"""
Tries:      to have whatever key is asked for, and to go on for ever
Stopped by: wire
Honest:     probabilities
"""

import itertools
from collections.abc import Mapping


class Endless(Mapping):
    def __getitem__(self, key):
        return "POS"

    def __iter__(self):
        return (f"key {number}" for number in itertools.count())

    def __len__(self):
        return 2

    def __contains__(self, key):
        return True


def predict(model, tokenizer, texts, threshold=0.5):
    return Endless()
