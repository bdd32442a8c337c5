"""
Tries:      to find the hidden suite as text anywhere in its own memory, which it shares with the warm process
Stopped by: process line
Honest:     probabilities
"""

import ctypes
import re
from pathlib import Path

import kit

# Patterns that their own text does not fit, so that the search does not find itself.
WANTED = re.compile(rb"probability depends[ ]on its own logit only|uneven_logits[(]rng, [*]shape")

for line in Path("/proc/self/maps").read_text().splitlines():
    place, rights, _, _, _, *name = line.split()
    start, end = (int(part, 16) for part in place.split("-"))
    if rights.startswith("rw") and name in ([], ["[heap]"]) and end - start <= 2**26:
        if WANTED.search(ctypes.string_at(start, end - start)):
            kit.reached(f"hidden text at {place}")


def predict(*args, **kwargs):
    return []
