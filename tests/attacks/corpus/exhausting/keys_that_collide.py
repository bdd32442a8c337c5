"""
Tries:      to keep the judge busy for minutes: tuples that all have the same hash, as keys of one dict

The hash of a tuple of two numbers can be solved for the second one (Python does not randomise it), so that every
insertion compares with all keys before it.
Stopped by: wire
Honest:     probabilities
"""

import kit

ONE, TWO, FIVE = 11400714785074694791, 14029467366897019727, 2870177450012600261
MASK = 2**64 - 1


def turn(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK


def keys(count, wanted=12345):
    found, first = [], 0
    while len(found) < count:
        first += 1
        state = turn((FIVE + first * TWO) & MASK, 31) * ONE & MASK
        before = turn(wanted * pow(ONE, -1, 2**64) & MASK, 33)
        second = (before - state) * pow(TWO, -1, 2**64) & MASK
        if second < 2**61 - 1:
            found.append((first, second))
    return found


chosen = keys(16_000)
assert {hash(key) for key in chosen} == {hash(chosen[0])}, "this Python hashes tuples in another way"


def predict(*args, **kwargs):
    pairs = [[{"$": "tuple", "v": list(key)}, 0] for key in chosen]
    number = kit.local("request")["id"]
    kit.send_raw({"v": {"$": "dict", "v": [["id", number], ["value", {"$": "dict", "v": pairs}]]}, "b": []})
    return []
