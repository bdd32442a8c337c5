"""Inside the output: read what a model returns, layer by layer, and where its attention goes."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import BatchEncoding, PreTrainedModel


def all_layers(model: PreTrainedModel, enc: BatchEncoding) -> Float[Tensor, "states batch seq hidden"]:
    """Return every hidden state of the model, stacked: the embeddings first, then one state per layer.

    The model can be a base model or have a head, and it can arrive in training mode; there is no dropout here, and no
    gradients are needed.

    Shapes:  a model with 12 layers gives 13 states.
    Errors:  none.
    Effects: the model may be left in evaluation mode; its weights and config stay as they are, and so does `enc`.
    Source:  https://huggingface.co/docs/transformers/main_classes/output (hidden_states)
    """
    # TODO 1: evaluation mode; run the model without gradients, and ask this call for the hidden states (about 3 lines).
    model.eval()
    with torch.no_grad():
        output = model(**enc, output_hidden_states=True)
    # TODO 2: put the states into one tensor, in their order (about 1 line).
    return torch.stack(output.hidden_states)


def cls_of_layer(model: PreTrainedModel, enc: BatchEncoding, layer: int) -> Float[Tensor, "batch hidden"]:
    """Return the vector at position 0 of each row of the batch, [CLS] in BERT, as it leaves layer `layer`.

    Layers count as in `hidden_states`: 0 is what the embeddings give, 1 what leaves the first layer, and -1 what leaves
    the last one. The batch can be padded, and the model can arrive in training mode; there is no dropout here.

    Shapes:  one row per text.
    Errors:  none.
    Effects: as `all_layers`.
    Source:  Devlin et al. 2019, section 5.3 (https://arxiv.org/abs/1810.04805)
    """
    # TODO 3: choose the layer, then position 0 of each row (about 1 line; `all_layers` can do the rest).
    return all_layers(model, enc)[layer][:, 0]


def mean_attention(model: PreTrainedModel, enc: BatchEncoding, layer: int) -> Float[Tensor, "batch query key"]:
    """Return the attention of one layer, averaged over its heads.

    Layers count as in `attentions`: 0 is the first layer, -1 the last one; the embeddings have no attention. Row `q` of
    a text says how the token at position `q` spreads its attention over the positions of that text, and sums to 1.

    The model can arrive with any attention implementation and in training mode; there is no dropout here.

    Shapes:  query and key are both the length of the batch, padding included.
    Errors:  none.
    Effects: the model may be left in evaluation mode and with eager attention; else as `all_layers`.
    Source:  https://huggingface.co/docs/transformers/attention_interface (SDPA returns no attention weights)
    """
    # TODO 4: evaluation mode, and an attention implementation that returns its weights; run the model without
    #   gradients, and ask this call for the attentions (about 4 lines).
    model.eval()
    model.set_attn_implementation("eager")
    with torch.no_grad():
        output = model(**enc, output_attentions=True)
    # TODO 5: choose the layer, then average over its heads (about 1 line).
    return output.attentions[layer].mean(dim=1)


def describe_output(model: PreTrainedModel, enc: BatchEncoding) -> dict[str, tuple[int, ...] | list[tuple[int, ...]]]:
    """Return the shape of each field of the model's output, by the field's name.

    Nothing is asked for beyond what the model's config asks for. A field that holds one tensor is described by its
    shape; a field that holds a tuple of tensors, such as `hidden_states`, by the list of their shapes. A field that
    holds neither, such as a cache, is left out, and so are fields that the model did not fill.

    Shapes:  `{"last_hidden_state": (2, 7, 768), "pooler_output": (2, 768)}`, for example.
    Errors:  none.
    Effects: as `all_layers`.
    Source:  https://huggingface.co/docs/transformers/main_classes/output (ModelOutput)
    """
    # TODO 6: run the model, without gradients (about 2 lines).
    with torch.no_grad():
        output = model(**enc)
    # TODO 7: go through names and fields together (about 6 lines; what does iterating over the output alone give?).
    shapes: dict[str, tuple[int, ...] | list[tuple[int, ...]]] = {}
    for name, field in output.items():
        if isinstance(field, Tensor):
            shapes[name] = tuple(field.shape)
        elif isinstance(field, tuple):
            shapes[name] = [tuple(state.shape) for state in field]
    return shapes
