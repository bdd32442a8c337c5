"""Each tokenizer behaves as its family does: special tokens and their ids, casing, accents, keys, lengths."""

import unicodedata

import pytest

from grader.checkpoints import recipe

ALL = sorted(recipe.load_recipes())
UNCASED = [name for name in ALL if "uncased" in name]
CASED = [name for name in ALL if "uncased" not in name]
DISTILBERT = [name for name in ALL if name.startswith("distilbert")]
WITH_TYPES = [name for name in ALL if recipe.find_recipe(name).family == "bert"]
SENTENCEPIECE = ["xlm-roberta-base", "google/mt5-small"]
BYTES = ["gpt2", "PlanTL-GOB-ES/roberta-base-bne", "PlanTL-GOB-ES/roberta-base-biomedical-es"]
BERT_IDS = {"pad": 0, "unk": 100, "cls": 101, "sep": 102, "mask": 103}
ROBERTA_IDS = {"bos": 0, "pad": 1, "eos": 2, "unk": 3, "mask": 4}
SPECIAL_IDS = {
    "bert-base-uncased": BERT_IDS,
    "bert-base-multilingual-cased": BERT_IDS,
    "dslim/bert-base-NER": BERT_IDS,
    "distilbert-base-uncased-distilled-squad": BERT_IDS,
    "distilbert-base-uncased-finetuned-sst-2-english": BERT_IDS,
    "dccuchile/bert-base-spanish-wwm-cased": {"mask": 0, "pad": 1, "unk": 3, "cls": 4, "sep": 5},
    "PlanTL-GOB-ES/roberta-base-bne": ROBERTA_IDS,
    "PlanTL-GOB-ES/roberta-base-biomedical-es": ROBERTA_IDS,
    "xlm-roberta-base": {"cls": 0, "pad": 1, "sep": 2, "unk": 3, "mask": 1199},
    "google/mt5-small": {"pad": 0, "eos": 1, "unk": 2},
    "gpt2": {"bos": 999, "eos": 999, "unk": 999},
}


@pytest.mark.parametrize("name", ALL)
def test_special_tokens_have_the_ids_of_the_real_family(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    assert {role: getattr(tokenizer, f"{role}_token_id") for role in SPECIAL_IDS[name]} == SPECIAL_IDS[name]


@pytest.mark.parametrize("name", ALL)
def test_a_fresh_process_would_tokenize_like_the_backend_of_the_variants(tokenizer_of, name):
    from grader.checkpoints.vocabularies import backend

    for sentence in recipe.corpus()[::20]:
        assert tokenizer_of(name)(sentence)["input_ids"] == backend(name).encode(sentence).ids


@pytest.mark.parametrize("name", ALL)
def test_the_vocabulary_has_the_size_of_the_recipe_and_a_stated_length(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    assert len(tokenizer) == recipe.find_recipe(name).tokens.vocab_size <= 2000
    assert tokenizer.model_max_length == (1024 if name == "gpt2" else 512)


@pytest.mark.parametrize("name", ALL)
def test_nothing_of_the_corpus_is_unknown(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    unknown = [s for s in recipe.corpus() if tokenizer.unk_token_id in tokenizer(s)["input_ids"]]
    assert unknown == []


@pytest.mark.parametrize("name", UNCASED)
def test_uncased_families_drop_case_and_accents(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    assert tokenizer("Mañana, ¿CÓMO estás?")["input_ids"] == tokenizer("manana, ¿como estas?")["input_ids"]


@pytest.mark.parametrize("name", CASED)
def test_cased_families_keep_case_and_accents(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    for one, other in [("niño", "nino"), ("Río", "río"), ("año", "ano")]:
        assert tokenizer(one)["input_ids"] != tokenizer(other)["input_ids"]


@pytest.mark.parametrize("name", SENTENCEPIECE)
def test_sentencepiece_families_compose_decomposed_accents(tokenizer_of, name):
    tokenizer, decomposed = tokenizer_of(name), unicodedata.normalize("NFD", "El niño comió ¿qué?")
    assert tokenizer(decomposed)["input_ids"] == tokenizer("El niño comió ¿qué?")["input_ids"]


@pytest.mark.parametrize("name", BYTES)
def test_byte_level_families_give_every_text_back(tokenizer_of, name):
    tokenizer, text = tokenizer_of(name), "¿100 %? Ñandú… 日本 😀"
    assert tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"]) == text


@pytest.mark.parametrize("name", ["bert-base-uncased", "dccuchile/bert-base-spanish-wwm-cased", "xlm-roberta-base"])
def test_other_families_have_characters_that_they_do_not_know(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    assert tokenizer.unk_token_id in tokenizer("I like 😀 a lot")["input_ids"]


@pytest.mark.parametrize("name", ALL)
def test_only_bert_gives_token_type_ids(tokenizer_of, name):
    expected = {"input_ids", "attention_mask"} | ({"token_type_ids"} if name in WITH_TYPES else set())
    assert set(tokenizer_of(name)("What is it?", "It is a cake.")) == expected


def test_distilbert_gives_ids_and_mask_in_this_order(tokenizer_of):
    assert DISTILBERT
    for name in DISTILBERT:
        assert list(tokenizer_of(name)("I love this movie!")) == ["input_ids", "attention_mask"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bert-base-uncased", "[CLS] {a} [SEP] {b} [SEP]"),
        ("PlanTL-GOB-ES/roberta-base-bne", "<s> {a} </s> </s> {b} </s>"),
        ("xlm-roberta-base", "<s> {a} </s> </s> {b} </s>"),
        ("google/mt5-small", "{a} </s> {b} </s>"),
        ("gpt2", "{a} {b}"),
    ],
)
def test_a_pair_is_joined_as_the_family_joins_it(tokenizer_of, name, expected):
    tokenizer = tokenizer_of(name)
    a, b = (" ".join(tokenizer.tokenize(text)) for text in ("red", "blue"))
    tokens = tokenizer.convert_ids_to_tokens(tokenizer("red", "blue")["input_ids"])
    assert " ".join(tokens) == expected.format(a=a, b=b)


@pytest.mark.parametrize("name", ["PlanTL-GOB-ES/roberta-base-bne", "xlm-roberta-base"])
def test_the_mask_of_the_roberta_families_takes_the_space_before_it(tokenizer_of, name):
    tokenizer = tokenizer_of(name)
    with_space, without = (tokenizer(f"una{space}{tokenizer.mask_token}")["input_ids"] for space in (" ", ""))
    assert with_space == without


def test_the_sentinels_of_t5_stand_last_and_backwards(tokenizer_of):
    tokenizer = tokenizer_of("google/mt5-small")
    assert tokenizer.convert_tokens_to_ids(["<extra_id_0>", "<extra_id_1>", "<extra_id_99>"]) == [1249, 1248, 1150]


def test_gpt2_has_no_padding_token(tokenizer_of):
    assert tokenizer_of("gpt2").pad_token is None


@pytest.mark.parametrize(
    ("name", "own", "foreign"),
    [
        ("bert-base-uncased", "en", "es"),
        ("gpt2", "en", "es"),
        ("dccuchile/bert-base-spanish-wwm-cased", "es", "en"),
        ("PlanTL-GOB-ES/roberta-base-bne", "es", "en"),
    ],
)
def test_a_vocabulary_needs_fewer_pieces_for_its_own_language(tokenizer_of, name, own, foreign):
    def pieces_per_word(language):
        sentences = recipe.corpus(language)
        pieces = sum(len(ids) for ids in tokenizer_of(name)(list(sentences), add_special_tokens=False)["input_ids"])
        return pieces / sum(len(sentence.split()) for sentence in sentences)

    assert pieces_per_word(own) < 2 < pieces_per_word(foreign)


@pytest.mark.parametrize("name", ALL)
def test_a_saved_tokenizer_comes_back_the_same(tokenizer_of, tmp_path, name):
    from transformers import AutoTokenizer

    tokenizer = tokenizer_of(name)
    tokenizer.save_pretrained(tmp_path)
    again = AutoTokenizer.from_pretrained(tmp_path)
    assert type(again) is type(tokenizer)
    assert again("¿Qué río cruza la ciudad?")["input_ids"] == tokenizer("¿Qué río cruza la ciudad?")["input_ids"]
