"""Variants: models in memory, the same for the same arguments, that leave no trace."""

import numpy as np
import pytest
import torch
import transformers

from grader.checkpoints import recipe
from grader.checkpoints.calibration import sample
from grader.checkpoints.variants import AUTO_CLASSES, real, variant

SENTIMENT = "distilbert-base-uncased-finetuned-sst-2-english"
HEADS = {
    "bert-base-uncased": {"sequence-classification", "token-classification", "question-answering", "masked-lm"},
    SENTIMENT: {"sequence-classification", "token-classification", "question-answering", "masked-lm"},
    "gpt2": {"sequence-classification", "token-classification", "question-answering", "causal-lm"},
    "google/mt5-small": {"sequence-classification", "token-classification", "question-answering", "seq2seq-lm"},
    "xlm-roberta-base": {"sequence-classification", "token-classification", "question-answering", "masked-lm"},
    "PlanTL-GOB-ES/roberta-base-bne": {"sequence-classification", "token-classification", "masked-lm"},
}
EVERY = [(name, head) for name, heads in HEADS.items() for head in ["base", *sorted(heads)]]
FAMILIES = sorted(HEADS)


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def inputs(name, rows=16, **more):
    rows_of = sample(name, rows)
    return {"input_ids": torch.from_numpy(rows_of.ids), "attention_mask": torch.from_numpy(rows_of.mask), **more}


@pytest.mark.parametrize(("name", "head"), EVERY)
def test_equal_arguments_give_equal_weights_and_another_seed_gives_others(name, head):
    first = state(variant(name, head, seed=3))
    assert same(first, state(variant(name, head, seed=3)))
    assert not same(first, state(variant(name, head, seed=4)))


@pytest.mark.parametrize(("name", "head"), EVERY)
def test_a_variant_leaves_the_random_generators_as_they_were(name, head):
    torch.manual_seed(1)
    np.random.seed(1)
    expected = torch.rand(2), np.random.rand(2)
    torch.manual_seed(1)
    np.random.seed(1)
    variant(name, head)
    assert torch.equal(torch.rand(2), expected[0])
    assert (np.random.rand(2) == expected[1]).all()


@pytest.mark.parametrize(("name", "head"), EVERY)
def test_a_variant_is_an_evaluating_float32_model_that_can_be_trained(name, head):
    model = variant(name, head)
    assert not any(module.training for module in model.modules())
    assert {value.dtype for value in model.parameters()} == {torch.float32}
    assert all(value.requires_grad and not value.is_inference() for value in model.parameters())


def test_inside_inference_mode_a_variant_has_ordinary_weights():
    with torch.inference_mode():
        model = variant(SENTIMENT, "sequence-classification")
    assert not any(value.is_inference() for value in model.parameters())


def test_train_asks_for_train_mode():
    assert variant(SENTIMENT, "sequence-classification", train=True).training


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_the_attention_asked_for_is_used_and_changes_no_weight(attention):
    model = variant("bert-base-uncased", attention=attention)
    assert model.config._attn_implementation == attention
    assert same(state(model), state(variant("bert-base-uncased")))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_body_is_the_same_under_every_head(name):
    base = state(variant(name, seed=2))
    for head in sorted(HEADS[name]):
        model = variant(name, head, seed=2)
        body = {key.removeprefix(model.base_model_prefix + "."): value for key, value in state(model).items()}
        shared = body.keys() & base.keys()
        assert len(shared) >= len(base) // 3
        assert all(torch.equal(body[key], base[key]) for key in shared)


@pytest.mark.parametrize("name", FAMILIES)
def test_layers_are_counted_by_one_name_in_every_family(name):
    decoder = {"decoder_input_ids": inputs(name)["input_ids"]} if "mt5" in name else {}
    model = variant(name, num_hidden_layers=3)
    with torch.no_grad():
        out = model(**inputs(name), **decoder, output_hidden_states=True)
    states = out.encoder_hidden_states if "mt5" in name else out.hidden_states
    assert model.config.num_hidden_layers == 3
    assert len(states) == 4


def test_sizes_go_by_the_names_of_bert_or_of_the_family():
    assert same(state(variant("gpt2", num_hidden_layers=3)), state(variant("gpt2", n_layer=3)))
    assert variant("google/mt5-small", intermediate_size=48).config.d_ff == 48
    assert variant("bert-base-uncased", hidden_size=48, num_attention_heads=6).config.hidden_size == 48


def test_a_smaller_vocabulary_and_fewer_positions_are_respected():
    model = variant("gpt2", "causal-lm", vocab_size=300, max_position_embeddings=16)
    assert model.lm_head.out_features == 300
    assert model.config.eos_token_id == 299
    assert model.config.n_positions == 16


def test_permuted_labels_are_kept_in_their_order():
    labels = {2: "NEG", 0: "NEU", 1: "POS"}
    config = variant(SENTIMENT, "sequence-classification", labels=labels).config
    assert list(config.id2label.items()) == list(labels.items())
    assert config.label2id == {"NEG": 2, "NEU": 0, "POS": 1}
    assert config.num_labels == 3


def test_without_labels_a_recipe_keeps_its_own_under_its_own_head():
    assert variant("dslim/bert-base-NER", "token-classification").config.num_labels == 9
    assert variant("dslim/bert-base-NER", "sequence-classification").config.num_labels == 2
    assert variant("dslim/bert-base-NER", "token-classification", num_labels=4).config.num_labels == 4


def test_the_label_outside_is_found_wherever_it_stands():
    labels = {0: "B-LOC", 1: "I-LOC", 2: "O", 3: "B-PER"}
    model = variant("dslim/bert-base-NER", "token-classification", seed=5, labels=labels)
    batch = inputs("dslim/bert-base-NER", None)
    with torch.no_grad():
        predicted = model(**batch).logits.argmax(-1)[batch["attention_mask"].bool()]
    assert 0.3 < (predicted == 2).float().mean() < 0.7


@pytest.mark.parametrize(
    "name", ["bert-base-uncased", SENTIMENT, "gpt2", "google/mt5-small", "PlanTL-GOB-ES/roberta-base-bne"]
)
def test_classes_are_balanced_and_decisive_for_every_seed(name):
    batch = inputs(name, None)
    for seed in range(4):
        model = variant(name, "sequence-classification", seed=seed, num_labels=3)
        with torch.no_grad():
            logits = model(**batch).logits
        shares = logits.argmax(-1).bincount(minlength=3) / len(logits)
        best = logits.topk(2).values
        assert shares.max() < 0.85
        assert (best[:, 0] - best[:, 1]).median() > 0.3


def test_a_variant_can_be_saved_and_loaded(tmp_path):
    from transformers import AutoModelForSequenceClassification

    model = variant(SENTIMENT, "sequence-classification", labels={1: "B", 0: "A"})
    model.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert same(state(model), state(again))
    assert again.config.id2label == {0: "A", 1: "B"}


def test_aliases_are_names():
    assert same(state(variant("openai-community/gpt2")), state(variant("gpt2")))


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"name": "bert"}, KeyError, "there are"),
        ({"name": "gpt2", "head": "masked-lm"}, ValueError, "gpt2 has no masked-lm head"),
        ({"name": "gpt2", "head": "sentiment"}, ValueError, "sequence-classification"),
        ({"name": "gpt2", "layers": 3}, TypeError, "no config value 'layers'"),
        ({"name": "gpt2", "head": "token-classification", "labels": {1: "A", 2: "B"}}, ValueError, "0 to 1"),
    ],
)
def test_a_wrong_argument_is_answered_with_the_right_ones(arguments, error, text):
    with pytest.raises(error, match=text):
        variant(**arguments)


def test_every_head_is_one_that_some_family_has():
    assert set().union(*HEADS.values()) == set(AUTO_CLASSES) - {"base"}
    assert set(HEADS) <= set(recipe.load_recipes())


def test_a_real_model_takes_the_place_of_a_drawn_one_with_the_weights_of_its_file():
    model = real("gpt2", "sequence-classification", seed=3, labels={0: "a", 1: "b", 2: "c"}, train=True)
    stored = transformers.AutoModel.from_pretrained("gpt2")
    assert torch.equal(model.transformer.wte.weight, stored.wte.weight)
    assert (model.config.id2label, model.training) == ({0: "a", 1: "b", 2: "c"}, True)
    again = real("gpt2", "sequence-classification", seed=3, labels={0: "a", 1: "b", 2: "c"})
    other = real("gpt2", "sequence-classification", seed=4, labels={0: "a", 1: "b", 2: "c"})
    assert torch.equal(model.score.weight, again.score.weight)
    assert not torch.equal(model.score.weight, other.score.weight)
