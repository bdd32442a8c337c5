"""Spanish, and what a pipeline does: how well a tokenizer reads a language, and a whole classification by hand."""

from __future__ import annotations

import unicodedata

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def unknown_rate(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    """Return the share of tokens that the vocabulary does not know, among all tokens of the texts.

    All texts count as one, each of them whole, however long it is. Tokens that the tokenizer adds ([CLS], [SEP], <s>,
    padding) are not tokens of a text. A token is unknown where its id is the id of the tokenizer's unknown token.

    Shapes:  one number for all texts.
    Units:   a share, from 0 to 1; 0.0 where the texts have no tokens.
    Errors:  none.
    Effects: none.
    Source:  Rust et al. 2021, section 3.2 (https://arxiv.org/abs/2012.15613)
    """
    # TODO 1: the ids of all texts, without added tokens, and how many of them are unknown (about 3 lines).
    raise NotImplementedError("TODO 1")


def fertility(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    """Return how many tokens the tokenizer makes of a word: all tokens of the texts by all their words.

    Words are what white space separates, so "100 %;" is two words. Each text is tokenized as a whole, however long it
    is; tokens that the tokenizer adds do not count.

    Shapes:  one number for all texts.
    Units:   tokens per word; 0.0 where the texts have no words.
    Errors:  none.
    Effects: none.
    Source:  Rust et al. 2021, section 3.2 (https://arxiv.org/abs/2012.15613)
    """
    # TODO 2: the number of tokens and the number of words of all texts (about 3 lines).
    raise NotImplementedError("TODO 2")


def without_accents(word: str) -> str:
    """Return `word` without its accents: "nino" for "niño", whichever of the two ways "niño" is written in.

    Unicode writes "ñ" as one character (composed, NFC) or as "n" and a combining tilde (decomposed, NFD). The marks of
    other letters are accents as well: "ü", "ç", "ê". Nothing else changes: "3.ª" stays as it is.

    Errors:  none.
    Effects: none.
    Source:  https://docs.python.org/3/library/unicodedata.html (normalize, combining)
    """
    # TODO 3: decompose the word, and keep the characters that do not combine with another (about 2 lines).
    raise NotImplementedError("TODO 3")


def lost_accents(tokenizer: PreTrainedTokenizerBase, words: list[str]) -> list[str]:
    """Return the words whose accents the tokenizer loses, in order and as they are written in `words`.

    A word loses its accents in either of two cases: the tokenizer gives it the tokens of the same word without accents,
    or one of its tokens is unknown. A word without accents has none to lose. Capitals that become small letters are no
    loss of an accent. The tokenizer gets each word as it is written, composed or decomposed.

    Errors:  none.
    Effects: none.
    Source:  https://huggingface.co/docs/tokenizers/components (normalizers: StripAccents, NFKC)
    """
    # TODO 4: the ids of each word that has accents, beside those of the word without them (about 8 lines).
    raise NotImplementedError("TODO 4")


def classify(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> list[dict[str, str | float]]:
    """Return what `pipeline("text-classification")` returns: `[{"label": "POSITIVE", "score": 0.98}]`.

    For each text, in order, the label with the largest score, by its name in `model.config.id2label`, and that score.
    The scores of a text are the softmax of its logits, with two exceptions: for a model with a single label, and for
    one whose `model.config.problem_type` is "multi_label_classification", each score is the sigmoid of its own logit.
    (A pipeline leaves the logits of a model whose `problem_type` is "regression" as they are; none is asked for here.)

    A text that is too long is cut to `tokenizer.model_max_length` tokens, added ones included (a pipeline does so if it
    is called with `truncation=True`). The model can arrive in training mode; a prediction uses no dropout and needs no
    gradients.

    Shapes:  one dict per text.
    Units:   scores are probabilities, from 0 to 1.
    Errors:  none.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/main_classes/pipelines (TextClassificationPipeline)
    """
    # TODO 5: evaluation mode; one padded batch, long texts cut; the logits, without gradients (about 4 lines).
    raise NotImplementedError("TODO 5")
    # TODO 6: the scores: sigmoid for a single label or several labels per text, else softmax (about 2 lines).
    raise NotImplementedError("TODO 6")
    # TODO 7: the largest score of each text and the name of its label (about 3 lines).
    raise NotImplementedError("TODO 7")
