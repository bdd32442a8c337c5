"""A character map in SentencePiece's own format, so that decomposed accents are composed as the real families do it.

The Unigram tokenizers of transformers take nothing but such a map as their normalizer. The format is a double-array
trie over UTF-8 bytes (https://github.com/s-yata/darts-clone) and the replacements behind it, each ended by a zero
byte. Small maps only: the trie is laid out by first fit.
"""

import struct
import unicodedata
from collections.abc import Mapping

HAS_LEAF = 1 << 8
LEAF = 1 << 31


def composing(letters: str) -> bytes:
    """Return the map that turns each letter of `letters` that has a decomposed spelling back into one character."""
    spellings = {unicodedata.normalize("NFD", letter): letter for letter in letters}
    return character_map({spelling: letter for spelling, letter in spellings.items() if spelling != letter})


def character_map(replacements: Mapping[str, str]) -> bytes:
    """Return the precompiled map of these replacements: length of the trie in bytes, trie, replacements."""
    values: dict[bytes, int] = {}
    text = b""
    for source, target in sorted(replacements.items()):
        values[source.encode()] = len(text)
        text += target.encode() + b"\0"
    units = _double_array(values)
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + text


def _double_array(values: Mapping[bytes, int]) -> list[int]:
    """Lay the keys out: unit i holds label, leaf flag and offset; the child over byte c is at i ^ offset ^ c."""
    units: dict[int, int] = {0: 0}

    def place(node: int, prefix: bytes) -> None:
        branches = sorted({key[len(prefix)] for key in values if key.startswith(prefix) and len(key) > len(prefix)})
        leaf = values.get(prefix)
        slots = ([0] if leaf is not None else []) + branches
        base = next(base for base in range(1, 1 << 21) if not any(base ^ slot in units for slot in slots))
        units[node] |= (base ^ node) << 10 | (HAS_LEAF if leaf is not None else 0)
        if leaf is not None:
            units[base] = LEAF | leaf
        units.update({base ^ byte: byte for byte in branches})
        for byte in branches:
            place(base ^ byte, prefix + bytes([byte]))

    place(0, b"")
    size = (max(units) // 256 + 1) * 256
    return [units.get(index, 0) for index in range(size)]
