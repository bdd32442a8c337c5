"""Models with planted logits: every calling style of a real model, numbers that a suite chose.

Each has one parameter (so that gradients and devices are real) and one dropout (so that training mode shows).
What a row of logits depends on is the token ids that the mask lets through, so a dropped mask, missing special tokens
or a cut text give other numbers.
"""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import DynamicCache, GenerationConfig, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import (
    CausalLMOutputWithPast,
    QuestionAnsweringModelOutput,
    SequenceClassifierOutput,
    TokenClassifierOutput,
)
from transformers.utils.generic import ModelOutput


class PlantedConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    model_type = "planted"


class Planted(PreTrainedModel):  # type: ignore[no-untyped-call]
    """What all planted models share; a subclass says which logits belong to the ids that it is given."""

    config_class = PlantedConfig
    output_class: type[ModelOutput]

    def __init__(self, id2label: dict[int, str] | None = None, **config: Any) -> None:
        labels = dict(id2label or {})
        super().__init__(
            PlantedConfig(id2label=labels, label2id={label: i for i, label in labels.items()}, **config)
            if labels
            else PlantedConfig(**config)
        )
        self.scale = nn.Parameter(torch.ones(()))
        self.dropout = nn.Dropout(0.1)

    def rows(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the logits of `ids` and `mask`, both (batch, seq)."""
        raise NotImplementedError

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,  # noqa: ARG002 - a calling style
        return_dict: bool | None = None,
        **others: Any,  # noqa: ARG002 - a calling style
    ) -> ModelOutput | tuple[Any, ...]:
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        logits = self.dropout(self.rows(input_ids, mask).to(self.scale)) * self.scale
        output = self.output_class(**self.outputs(logits))
        return output.to_tuple() if return_dict is False else output

    def outputs(self, logits: torch.Tensor) -> dict[str, Any]:
        """Return the fields of the output by name."""
        return {"logits": logits}


class PlantedClassifier(Planted):  # type: ignore[no-untyped-call]
    """One planted row of logits for each known text; any other row is drawn from its ids."""

    output_class = SequenceClassifierOutput

    def __init__(self, table: dict[tuple[int, ...], np.ndarray[Any, Any]], id2label: dict[int, str]) -> None:
        super().__init__(id2label)
        self.table = table

    def rows(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return torch.stack([self._row(row[kept.bool()].tolist()) for row, kept in zip(ids, mask, strict=True)])

    def _row(self, ids: list[int]) -> torch.Tensor:
        planted = self.table.get(tuple(ids))
        row = 3 * _generator(ids).normal(size=self.config.num_labels) if planted is None else planted
        return torch.as_tensor(np.asarray(row, dtype=np.float32))


class _Tie(torch.autograd.Function):
    """Passes a tensor through; `knot` lives as long as the graph that the result belongs to."""

    @staticmethod
    def forward(ctx: Any, logits: torch.Tensor, knot: Any) -> torch.Tensor:
        ctx.knot = knot
        return logits.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:  # noqa: ARG004
        return gradients[0], None


class PlantedWitness(PlantedClassifier):  # type: ignore[no-untyped-call]
    """A planted classifier whose state differs while a graph of one of its forward passes is alive.

    So a call that returns a result with its graph counts as one that changed the model's weights, and one that runs
    without gradients or detaches its result does not: the graph is gone when the function has returned.
    """

    def __init__(self, table: dict[tuple[int, ...], np.ndarray[Any, Any]], id2label: dict[int, str]) -> None:
        super().__init__(table, id2label)
        self.knots: list[weakref.ref[Any]] = []

    def outputs(self, logits: torch.Tensor) -> dict[str, Any]:
        if logits.requires_grad:
            knot = _Knot()
            self.knots.append(weakref.ref(knot))
            logits = _Tie.apply(logits, knot)  # type: ignore[no-untyped-call]
        return {"logits": logits}

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        state = super().state_dict(*args, **kwargs)
        return {**state, "graph": torch.ones(())} if any(knot() for knot in self.knots) else state


class _Knot:
    """Something that a weak reference can point to."""


class PlantedTagger(Planted):  # type: ignore[no-untyped-call]
    """A decisive label at each position, drawn from the seed, the token's place and all tokens of its text.

    Special tokens and padding carry a label other than `outside`; of the other tokens about four in ten are outside.
    """

    output_class = TokenClassifierOutput

    def __init__(self, id2label: dict[int, str], outside: str, seed: int, special_ids: Iterable[int]) -> None:
        super().__init__(id2label)
        self.outside = next(i for i, label in id2label.items() if label == outside)
        self.inside = [i for i in id2label if i != self.outside]
        self.seed, self.special_ids = seed, set(special_ids)

    def rows(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return torch.stack(
            [self._text(row.tolist(), kept.bool().tolist()) for row, kept in zip(ids, mask, strict=True)]
        )

    def _text(self, ids: list[int], kept: list[bool]) -> torch.Tensor:
        text = [token for token, keep in zip(ids, kept, strict=True) if keep]
        places = np.cumsum(kept).tolist()
        return torch.stack(
            [
                self._row([self.seed, token, place, keep, *text], special=not keep or token in self.special_ids)
                for token, place, keep in zip(ids, places, kept, strict=True)
            ]
        )

    def _row(self, drawn_from: list[int], special: bool) -> torch.Tensor:
        draw = _generator(drawn_from)
        logits = draw.normal(size=self.config.num_labels)
        label = self.outside if not special and draw.random() < 0.4 else draw.choice(self.inside)
        logits[label] = logits.max() + draw.uniform(0.5, 2.0)
        return torch.as_tensor(logits.astype(np.float32))


class PlantedSpans(Planted):  # type: ignore[no-untyped-call]
    """Start and end logits for QA: those of some tokens planted, the others low and drawn from the whole row."""

    output_class = QuestionAnsweringModelOutput

    def __init__(
        self,
        starts: dict[int, float],
        ends: dict[int, float],
        null: float | tuple[float, float],
        nulls: dict[int, float | tuple[float, float]],
        seed: int,
    ) -> None:
        super().__init__()
        self.planted, self.null, self.nulls, self.seed = (starts, ends), null, nulls, seed

    def rows(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return torch.stack([self._row(row.tolist(), kept.bool().tolist()) for row, kept in zip(ids, mask, strict=True)])

    def _row(self, ids: list[int], kept: list[bool]) -> torch.Tensor:
        draw = _generator([self.seed, *(token for token, keep in zip(ids, kept, strict=True) if keep)])
        logits = draw.uniform(-6, -4, size=(len(ids), 2)).astype(np.float32)
        for side, planted in enumerate(self.planted):
            for place, token in enumerate(ids):
                logits[place, side] = planted.get(token, logits[place, side])
        logits[0] = next((logit for token, logit in self.nulls.items() if token in ids), self.null)
        return torch.as_tensor(logits)

    def outputs(self, logits: torch.Tensor) -> dict[str, Any]:
        return {"start_logits": logits[..., 0], "end_logits": logits[..., 1]}


class PlantedNextToken(Planted):  # type: ignore[no-untyped-call]
    """A causal model whose next-token logits are a row of `table` (vocab, vocab), chosen by the current token."""

    output_class = CausalLMOutputWithPast

    def __init__(self, table: torch.Tensor, eos: int | None) -> None:
        super().__init__(eos_token_id=eos, vocab_size=len(table))
        self.generation_config = GenerationConfig(eos_token_id=eos)  # type: ignore[no-untyped-call]
        self.register_buffer("table", table)

    def rows(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        return self.table[ids]  # type: ignore[index]

    def outputs(self, logits: torch.Tensor) -> dict[str, Any]:
        return {"logits": logits, "past_key_values": DynamicCache()}


def _generator(numbers: list[int]) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(np.asarray(numbers, dtype=np.int64).tobytes()))
