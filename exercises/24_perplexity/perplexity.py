"""Perplexity: how well a causal language model predicts a text, as one number for all its tokens."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def token_losses(
    logits: Float[Tensor, "batch seq vocab"], ids: Int[Tensor, "batch seq"]
) -> Float[Tensor, "batch seq-1"]:
    """Return the loss of each token but the first of its text: minus the logarithm of its probability.

    The logits at a position predict the token of the next position. Nothing predicts the first token, and nothing is
    there yet that the last logits predict.

    Shapes:  the loss of the token `ids[i, t + 1]` stands at `[i, t]`.
    Units:   nats: the natural logarithm.
    Errors:  none.
    Effects: none; the inputs are left unchanged.
    Source:  https://huggingface.co/docs/transformers/perplexity
    """
    # TODO 1: the logits that predict a token of the text, and the tokens that they predict (about 2 lines).
    raise NotImplementedError("TODO 1")
    # TODO 2: minus the log-probability of each predicted token (about 2 lines).
    raise NotImplementedError("TODO 2")


def perplexity(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> float:
    """Return the perplexity of the model on all texts together: e to the mean loss of their tokens.

    Every token counts alike, whichever text it stands in: a long text weighs more than a short one. The first token of
    a text has no loss, so a text of one token counts for nothing. Padding counts for nothing, also where the padding
    token is the end token, as the lesson sets it for GPT-2; an end token inside a text is a token of the text.

    The model can arrive in training mode; a measurement uses no dropout and needs no gradients.

    Shapes:  one number for all texts; no text is empty, and one at least has two tokens or more.
    Errors:  none.
    Effects: the model may be left in evaluation mode. `tokenizer` has a padding token, pads on the right, and stays so.
    Source:  https://huggingface.co/docs/transformers/perplexity
    """
    # TODO 3: evaluation mode; encode all texts as one padded batch; the logits, without gradients (about 4 lines).
    raise NotImplementedError("TODO 3")
    # TODO 4: the losses of the tokens that are no padding (about 2 lines).
    raise NotImplementedError("TODO 4")
    # TODO 5: e to the mean of them (about 1 line).
    raise NotImplementedError("TODO 5")


def sliding_perplexity(model: PreTrainedModel, ids: Int[Tensor, "1 seq"], window: int, step: int) -> float:
    """Return the perplexity of one text that the model reads through a window of at most `window` tokens.

    Windows begin at 0, `step`, 2 `step`, …, until one reaches the end of the text; the last one holds what is left.
    Each token but the text's first is scored once: in the first window that holds it, by what stands before it there.

    The model can arrive in training mode; a measurement uses no dropout and needs no gradients.

    Shapes:  one text of seq tokens, 2 or more; 1 <= `step` < `window`; `window` can be longer than the text.
    Errors:  none.
    Effects: `ids` is left unchanged; the model may be left in evaluation mode.
    Source:  https://huggingface.co/docs/transformers/perplexity (the strategy with a stride)
    """
    # TODO 6: evaluation mode (1 line).
    raise NotImplementedError("TODO 6")
    losses = []
    done = 1  # how many tokens of the text are dealt with; the first has no loss
    for begin in range(0, ids.shape[1], step):
        # TODO 7: the losses of all tokens of this window, without gradients (about 4 lines).
        raise NotImplementedError("TODO 7")
        # TODO 8: keep those of the tokens that no window before held (about 3 lines).
        raise NotImplementedError("TODO 8")
        # TODO 9: the end, where the window reaches the end of the text (about 2 lines).
        raise NotImplementedError("TODO 9")
    # TODO 10: e to the mean loss of all tokens of the text (about 1 line).
    raise NotImplementedError("TODO 10")
