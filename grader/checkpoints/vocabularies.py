"""Tokenizers counted on the corpus, the same on every machine, and the files a checkpoint keeps of them.

Trainers of the `tokenizers` library for WordPiece and Unigram differ from process to process, so both are closed
forms here: counts, ties broken by text, scores rounded. Only byte-level BPE is trained; its trainer is deterministic.
Nothing here knows weights or the cache.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from . import charsmap
from .recipe import Recipe, Tokens, corpus, find_recipe

SPANISH = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»€"
ASCII = "".join(map(chr, range(33, 127)))
AFFIX_LENGTHS = range(2, 6)
SPACE = "▁"


@lru_cache
def backend(name: str) -> Tokenizer:
    """Return the tokenizer of a recipe, special tokens and post-processor included; shared, so leave it unchanged.

    Errors: `ValueError` where the corpus holds too few pieces for the vocabulary that the recipe asks for.
    """
    recipe = find_recipe(name)
    tokenizer = {"wordpiece": _wordpiece, "byte-bpe": _byte_bpe, "unigram": _unigram}[recipe.tokens.kind](recipe)
    if tokenizer.get_vocab_size() != recipe.tokens.vocab_size:
        raise ValueError(
            f"{recipe.name}: the vocabulary has {tokenizer.get_vocab_size()} tokens, its recipe says "
            f"{recipe.tokens.vocab_size}; change vocab_size or add sentences to corpus.txt"
        )
    tokens = [*dict.fromkeys(recipe.tokens.roles.values()), *_sentinels(recipe.tokens)]
    # A mask token takes the space before it, as in the real RoBERTa families.
    takes_space = recipe.tokens.kind != "wordpiece"
    tokenizer.add_special_tokens(
        [AddedToken(token, lstrip=takes_space and token == "<mask>", normalized=False) for token in tokens]
    )
    return tokenizer


def tokenizer_files(recipe: Recipe) -> dict[str, str]:
    """Return the text of each tokenizer file of a checkpoint by file name."""
    tokenizer, tokens = backend(recipe.name), recipe.tokens
    config: dict[str, Any] = {f"{role}_token": token for role, token in tokens.roles.items()}
    config |= {"model_max_length": tokens.model_max_length, "tokenizer_class": tokens.class_name}
    if tokens.kind == "wordpiece":
        config |= {"do_lower_case": tokens.lower_case, "strip_accents": None, "tokenize_chinese_chars": True}
    if tokens.kind == "byte-bpe":
        config |= {"add_prefix_space": False}
    if tokens.sentinels:
        config |= {"extra_ids": tokens.sentinels}
    files = {"tokenizer.json": tokenizer.to_str(pretty=True), "tokenizer_config.json": _json(config)}

    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    if tokens.kind == "wordpiece":
        files["vocab.txt"] = "".join(f"{piece}\n" for piece in pieces)
    if tokens.kind == "byte-bpe":
        merges = json.loads(tokenizer.to_str())["model"]["merges"]
        files["vocab.json"] = json.dumps({piece: id for id, piece in enumerate(pieces)}, ensure_ascii=False)
        files["merges.txt"] = "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges)
    return files


def _wordpiece(recipe: Recipe) -> Tokenizer:
    lower = recipe.tokens.lower_case
    normalizer = normalizers.BertNormalizer(lowercase=lower, strip_accents=None)
    splitter = pre_tokenizers.BertPreTokenizer()
    alphabet = sorted(set(normalizer.normalize_str(ASCII + SPANISH)))
    words = Counter(
        word
        for line in corpus(*recipe.languages)
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(line))
    )
    pieces = [*alphabet, *(f"##{char}" for char in alphabet if char.isalnum())]
    pieces += _worthwhile(words, inside="##", known=pieces)
    vocabulary = _placed(pieces, recipe.tokens)

    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def _unigram(recipe: Recipe) -> Tokenizer:
    splitter = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")]
    )
    # Counted without punctuation, which otherwise sticks to the last word of every sentence.
    counted = pre_tokenizers.Sequence([splitter, pre_tokenizers.Punctuation()])
    words = Counter(word for line in corpus(*recipe.languages) for word, _ in counted.pre_tokenize_str(line))
    letters = Counter(char for word, count in words.items() for char in word * count)
    alphabet = [SPACE, *sorted({*ASCII, *SPANISH})]
    pieces = alphabet + _worthwhile(words, inside="", known=alphabet)
    vocabulary = _placed(pieces, recipe.tokens)

    counts = _affixes(words, inside="") + words + letters
    total = sum(counts.values())
    scores = {piece: round(math.log((counts[piece] + 0.5) / total), 4) for piece in pieces}
    tokenizer = Tokenizer(
        models.Unigram([(piece, scores.get(piece, 0.0)) for piece in vocabulary], vocabulary["<unk>"], False)
    )
    tokenizer.normalizer = normalizers.Precompiled(charsmap.composing(SPANISH))
    tokenizer.pre_tokenizer = splitter
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE, prepend_scheme="always")
    tokenizer.post_processor = (
        processors.TemplateProcessing(
            single="<s> $A </s>",
            pair="<s> $A </s> </s> $B </s>",
            special_tokens=[(token, vocabulary[token]) for token in ("<s>", "</s>")],
        )
        if "cls" in recipe.tokens.roles
        else processors.TemplateProcessing(
            single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", vocabulary["</s>"])]
        )
    )
    return tokenizer


def _byte_bpe(recipe: Recipe) -> Tokenizer:
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.tokens.vocab_size - len(recipe.tokens.ids),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    trained.train_from_iterator(corpus(*recipe.languages), trainer)
    ranks = trained.get_vocab()
    vocabulary = _placed(sorted(ranks, key=ranks.__getitem__), recipe.tokens)
    merges = [tuple(merge) for merge in json.loads(trained.to_str())["model"]["merges"]]

    tokenizer = Tokenizer(models.BPE(vocabulary, merges, fuse_unk=False))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if "cls" in recipe.tokens.roles:
        end, start = (("</s>", vocabulary["</s>"]), ("<s>", vocabulary["<s>"]))
        tokenizer.post_processor = processors.RobertaProcessing(end, start, trim_offsets=True, add_prefix_space=False)
    else:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def _placed(pieces: Iterable[str], tokens: Tokens) -> dict[str, int]:
    """Give each special token its stated id and fill the other ids with fillers, pieces and sentinels, in this order.

    The dict is in the order of ids and ends at the vocabulary size of the recipe, or earlier if pieces run out.
    """
    at = {id: token for token, id in tokens.ids.items()}
    sentinels = _sentinels(tokens)
    at |= {tokens.vocab_size - len(sentinels) + place: token for place, token in enumerate(sentinels)}
    unnamed = iter(pieces)
    # As in BERT's own files: what lies between [PAD] and [UNK] is [unused0], [unused1] and so on.
    first = tokens.ids.get("[UNK]", 0)
    placed: dict[str, int] = {}
    for id in range(tokens.vocab_size):
        token = at.get(id) or (f"[unused{id - 1}]" if id < first else next(unnamed, None))
        if token is None:
            break
        placed[token] = id
    return placed


def _sentinels(tokens: Tokens) -> list[str]:
    return [f"<extra_id_{place}>" for place in reversed(range(tokens.sentinels))]


def _worthwhile(words: Mapping[str, int], inside: str, known: Iterable[str]) -> list[str]:
    """Return words, and beginnings and endings of words, the ones that save most characters first; ties by text."""
    counts = _affixes(words, inside) + Counter(words)
    for piece in known:
        del counts[piece]
    return sorted(counts, key=lambda piece: (-counts[piece] * (len(piece.removeprefix(inside)) - 1), piece))


def _affixes(words: Mapping[str, int], inside: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for piece in _affixes_of(word, inside):
            counts[piece] += count
    return counts


def _affixes_of(word: str, inside: str) -> Iterator[str]:
    for length in AFFIX_LENGTHS:
        if length < len(word):
            yield word[:length]
            yield inside + word[-length:]


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
