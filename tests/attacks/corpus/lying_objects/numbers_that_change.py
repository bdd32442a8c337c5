"""
Tries:      to be another number each time somebody looks, by subclasses of int and float
Stopped by: wire
Honest:     probabilities
"""

import itertools


class Number(float):
    count = itertools.count()

    def __float__(self):
        return next(self.count) / 10

    def __eq__(self, other):
        return True

    def __le__(self, other):
        return True

    __lt__ = __ge__ = __gt__ = __le__
    __hash__ = float.__hash__

    def __sub__(self, other):
        return 0.0

    __rsub__ = __abs__ = lambda self, *other: 0.0


class Whole(int):
    def __index__(self):
        return 10**30

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def predict(model, tokenizer, texts, threshold=0.5):
    return [{"label": Whole(1), "score": Number(0.5)} for _ in texts]
