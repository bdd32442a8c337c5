"""
Tries:      to have names printed that it chose: of a class, of fields, of a function nearby, of parameters and defaults
Stopped by: judge
Honest:     none
"""

from dataclasses import make_dataclass

BAD = "\x1b[31m\n::error::x"


class Default:
    def __repr__(self):
        return BAD * 100


def probabilities(logits=Default(), other=Default()):  # noqa: B008
    raise TypeError


def predictions(*args):
    return make_dataclass(f"Row{BAD}", ["label"])("POS")


predictions.__name__ = predictions.__qualname__ = BAD
globals()[f"predict{BAD}"] = predictions
del predict
