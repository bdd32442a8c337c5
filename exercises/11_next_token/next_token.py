"""The next token: what a causal language model expects after a text, and after each text of a padded batch."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase


def next_logits(model: PreTrainedModel, encoded: BatchEncoding) -> Float[Tensor, "batch vocab"]:
    """Return, for each text of a batch, the logits of the token that comes after it.

    They stand at the text's last real token. `encoded` holds `input_ids` and `attention_mask`, both (batch, seq); the
    padding (mask 0) stands on the right of all texts, or on the left. The result for a text is what it is without
    padding. The padding token may be the end token: the mask says what is padding, not the id.

    GPT-2 counts positions from the left edge of the row, padding included, so tell it those of the real tokens:
    `position_ids` (batch, seq), 0 for the first real token of a text, 1 for the next one. Padding gets any position
    from 0 up.

    The model can arrive in training mode; a prediction uses no dropout and needs no gradients.

    Shapes:  one row of vocab logits for each text, in order; also for a batch of one text.
    Units:   logits, as the model returns them.
    Errors:  none; each text has one real token or more.
    Effects: `encoded` is left unchanged; the model may be left in evaluation mode, its weights and config stay.
    Source:  https://huggingface.co/docs/transformers/model_doc/gpt2
    """
    # TODO 1: evaluation mode; the positions of the real tokens, counted along the mask (about 3 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: the logits (batch, seq, vocab), without gradients (about 2 lines).
    raise NotImplementedError("TODO 2")
    # TODO 3: in each row, those at its last real token (about 3 lines).
    raise NotImplementedError("TODO 3")


def top_next(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, k: int = 5
) -> list[tuple[str, float]]:
    """Return the `k` likeliest next tokens of a text and their probabilities, the likeliest first.

    A token is given as the text that it stands for (`tokenizer.decode`): " the" begins a new word, "the" goes on with
    the word before. The probabilities are those among all tokens of the vocabulary. A special token counts like any
    other.

    Shapes:  k pairs (text of the token, probability).
    Units:   probabilities, from 0 to 1, as Python floats.
    Errors:  none; the text has one token or more, and k is 1 or more.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/model_doc/gpt2
    """
    # TODO 4: encode the text; the probability of each token of the vocabulary (about 2 lines).
    raise NotImplementedError("TODO 4")
    # TODO 5: the k largest, and the text of each of these tokens (about 2 lines).
    raise NotImplementedError("TODO 5")
