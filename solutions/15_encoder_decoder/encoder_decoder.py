"""An encoder and a decoder: one reads the source, the other writes a new text, one token at a time."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel


def next_probabilities(
    model: PreTrainedModel, enc: BatchEncoding, decoder_ids: Int[Tensor, "batch written"]
) -> Float[Tensor, "batch vocab"]:
    """Return, for each text, the probability of each token of the vocabulary to follow its `decoder_ids`.

    `enc` holds the source texts as the tokenizer returns them: `input_ids` and `attention_mask`. `decoder_ids` is what
    the decoder reads: its start token, then what it has written so far. All of it counts: nothing in it is padding.

    The model can arrive in training mode; a prediction uses no dropout and needs no gradients.

    Shapes:  batch source texts, each with `written` decoder tokens, 1 or more.
    Units:   probabilities, from 0 to 1; each row sums to 1.
    Errors:  none.
    Effects: `enc`, `decoder_ids`, weights and config are left unchanged; the model may be left in evaluation mode.
    Source:  https://huggingface.co/docs/transformers/model_doc/mt5
    """
    # TODO 1: evaluation mode; the logits for source and decoder ids, without gradients (about 3 lines).
    model.eval()
    with torch.no_grad():
        logits = model(**enc, decoder_input_ids=decoder_ids).logits
    # TODO 2: the probabilities of what follows the last decoder token (about 1 line).
    return logits[:, -1].softmax(dim=-1)


def greedy_seq2seq(model: PreTrainedModel, enc: BatchEncoding, max_new_tokens: int) -> Int[Tensor, "batch new"]:
    """Return what the decoder writes for each source text, always by the likeliest next token.

    The decoder starts with `model.config.decoder_start_token_id`, which is not part of the result. A text ends with its
    first `model.config.eos_token_id`, which is kept; behind it stand only `model.config.pad_token_id`. Writing ends
    once every text has ended, and after `max_new_tokens` tokens at the latest: the longest text has no padding. The
    encoder needs to read the sources only once; where it reads them at each step, the result is the same.

    The model can arrive in training mode; writing uses no dropout and needs no gradients.

    Shapes:  batch source texts; `new` is at most `max_new_tokens`, which is 1 or more.
    Dtype:   integer ids.
    Errors:  none.
    Effects: `enc` is left unchanged; the model may be left in evaluation mode, its weights and config stay as they are.
    Source:  https://huggingface.co/docs/transformers/model_doc/t5 (inference)
    """
    # TODO 3: evaluation mode; the encoder's states of the sources, once and for all steps (about 3 lines; the encoder
    #   is `model.get_encoder()`).
    model.eval()
    with torch.no_grad():
        states = model.get_encoder()(**enc)
    # TODO 4: what the decoder reads first: one token for each text, shape (batch, 1) (about 2 lines).
    batch = len(enc["input_ids"])
    written = torch.full((batch, 1), model.config.decoder_start_token_id)
    # GIVEN
    ended = torch.zeros(len(written), dtype=torch.bool)
    for _ in range(max_new_tokens):
        # TODO 5: the logits for the encoder's states (`encoder_outputs=`), the mask of the source, and what is written
        #   so far (about 4 lines).
        with torch.no_grad():
            logits = model(
                encoder_outputs=states, attention_mask=enc["attention_mask"], decoder_input_ids=written
            ).logits
        # TODO 6: the likeliest next token of each text, the padding token where `ended` is true (about 2 lines).
        best = logits[:, -1].argmax(dim=-1)
        best = best.masked_fill(ended, model.config.pad_token_id)
        # TODO 7: these tokens behind the others; which texts have ended; the end, once all have (about 4 lines).
        written = torch.cat([written, best[:, None]], dim=1)
        ended = ended | (best == model.config.eos_token_id)
        if ended.all():
            break
    # TODO 8: what was written, without the start token (about 1 line).
    return written[:, 1:]
