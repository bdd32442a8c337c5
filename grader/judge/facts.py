"""Facts about an answer, and their sentences in English and Spanish.

A fact is data; its sentence is made last, at a level of disclosure. Text that comes from student code is shortened
here before it can stand in a sentence, and whatever stands in one is cleaned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader import wire
from grader.report import Level as Level
from grader.texts import Texts, clean

# For each kind of fact: the sentence of level `category`, what `gap` adds, what `full` adds; English, then Spanish.
SENTENCES: dict[str, tuple[Texts, Texts, Texts]] = {
    "wrong_type": (
        {"en": "The type of the result is wrong.", "es": "El tipo del resultado no es correcto."},
        {"en": "got: {got}{at_en}; expected: {form}", "es": "recibido: {got}{at_es}; esperado: {form}"},
        {},
    ),
    "wrong_shape": (
        {"en": "The shape of the result is wrong.", "es": "La forma del resultado no es correcta."},
        {"en": "got: {got}{at_en}; expected: {form}", "es": "recibido: {got}{at_es}; esperado: {form}"},
        {},
    ),
    "wrong_length": (
        {"en": "The number of items is wrong.", "es": "El número de elementos no es correcto."},
        {"en": "got: {got}, {count}; expected: {wanted}", "es": "recibido: {got}, {count}; esperados: {wanted}"},
        {"en": "expected: {expected}", "es": "esperado: {expected}"},
    ),
    "not_finite": (
        {"en": "The result has NaN or infinite numbers.", "es": "El resultado tiene NaN o números infinitos."},
        {"en": "got: {got}{at_en}", "es": "recibido: {got}{at_es}"},
        {"en": "expected: {expected}", "es": "esperado: {expected}"},
    ),
    "wrong_numbers": (
        {"en": "The numbers are wrong.", "es": "Los números no son correctos."},
        {
            "en": "got: {got}{at_en}; off by up to {gap}",
            "es": "recibido: {got}{at_es}; diferencia máxima: {gap}",
        },
        {"en": "expected: {expected}", "es": "esperado: {expected}"},
    ),
    "wrong_value": (
        {"en": "The value is wrong.", "es": "El valor no es correcto."},
        {"en": "got: {got}{at_en}", "es": "recibido: {got}{at_es}"},
        {"en": "expected: {expected}", "es": "esperado: {expected}"},
    ),
    "returned_nothing": (
        {
            "en": "It returned None. Is a `return` missing? Printing is not returning.",
            "es": "Devolvió None. ¿Falta un `return`? Imprimir no es devolver.",
        },
        {"en": "expected: {form}", "es": "esperado: {form}"},
        {},
    ),
    "generator": (
        {
            "en": "It returned a generator, because of its `yield`. Collect the items and return them.",
            "es": "Devolvió un generador, por su `yield`. Reúne los elementos y devuélvelos.",
        },
        {"en": "expected: {form}", "es": "esperado: {form}"},
        {},
    ),
    "coroutine": (
        {
            "en": "It returned a coroutine, because of an `async def`. Make that an ordinary `def`, or await what it "
            "gives.",
            "es": "Devolvió una corrutina, por un `async def`. Usa un `def` normal, o espera con `await` lo que da.",
        },
        {"en": "expected: {form}{at_en}", "es": "esperado: {form}{at_es}"},
        {},
    ),
    "not_called": (
        {
            "en": "It returned a function or a method where its result belongs. Are the parentheses behind its name "
            "missing?",
            "es": "Devolvió una función o un método donde va su resultado. ¿Faltan los paréntesis tras el nombre?",
        },
        {"en": "expected: {form}{at_en}", "es": "esperado: {form}{at_es}"},
        {},
    ),
    "tuple_of_one": (
        {
            "en": "The result is right, but alone in a tuple: take away the comma behind it.",
            "es": "El resultado es correcto, pero va solo en una tupla: quita la coma que lo sigue.",
        },
        {},
        {},
    ),
    "rounded": (
        {
            "en": "The numbers are right, but rounded. Return them as they are.",
            "es": "Los números son correctos, pero redondeados. Devuélvelos tal cual.",
        },
        {
            "en": "got: {got}{at_en}; off by up to {gap}",
            "es": "recibido: {got}{at_es}; diferencia máxima: {gap}",
        },
        {"en": "expected: {expected}", "es": "esperado: {expected}"},
    ),
    "half_precision": (
        {
            "en": "The numbers have the precision of {dtype}, which is too coarse here. Calculate in float32.",
            "es": "Los números tienen la precisión de {dtype}, que aquí no basta. Calcula en float32.",
        },
        {
            "en": "got: {got}{at_en}; off by up to {gap}",
            "es": "recibido: {got}{at_es}; diferencia máxima: {gap}",
        },
        {"en": "expected: {expected}", "es": "esperado: {expected}"},
    ),
    "missing_field": (
        {"en": "A field is missing: {field}.", "es": "Falta un campo: {field}."},
        {"en": "got: {got}", "es": "recibido: {got}"},
        {},
    ),
    "raised": (
        {"en": "It raised {error}{line_en}.", "es": "Lanzó {error}{line_es}."},
        {"en": "{said_en}", "es": "{said_es}"},
        {},
    ),
    "no_error": (
        {"en": "It must raise {wanted} here.", "es": "Aquí debe lanzar {wanted}."},
        {"en": "got: {got}", "es": "recibido: {got}"},
        {},
    ),
    "wrong_error": (
        {"en": "It must raise {wanted} here, not {error}.", "es": "Aquí debe lanzar {wanted}, no {error}."},
        {"en": "{said_en}{line_en}", "es": "{said_es}{line_es}"},
        {},
    ),
    "missing_function": (
        {"en": "{file} does not define {function}.{near_en}", "es": "{file} no define {function}.{near_es}"},
        {},
        {},
    ),
    "empty_file": (
        {
            "en": "{file} is empty. Begin again with the stub: exercises/{slug}/{file}.",
            "es": "{file} está vacío. Empieza de nuevo con la plantilla: exercises/{slug}/{file}.",
        },
        {},
        {},
    ),
    "wrong_signature": (
        {
            "en": "It takes ({got}); the exercise states ({wanted}).",
            "es": "Recibe ({got}); el enunciado pide ({wanted}).",
        },
        {},
        {},
    ),
    "banned": (
        {
            "en": "It calls {name}, which this exercise does by hand.",
            "es": "Tu código llama a {name}; aquí eso se hace a mano.",
        },
        {},
        {},
    ),
    "changed": (
        {"en": "It changed what it was given: {names}.", "es": "Cambió lo que recibió: {names}."},
        {},
        {},
    ),
    "in_training_mode": (
        {
            "en": "It ran the model in training mode, where dropout is active: call model.eval() before it.",
            "es": "Ejecutó el modelo en modo de entrenamiento, con el dropout activo: llama antes a model.eval().",
        },
        {},
        {},
    ),
    "kept": (
        {
            "en": "Called alone it gives the right result: something is kept from an earlier call, in a global "
            "variable or a cache.",
            "es": "Llamada por separado da el resultado correcto: algo queda guardado de otra llamada, en una "
            "variable global o una caché.",
        },
        {},
        {},
    ),
    "too_large": (
        {"en": "The result is too large to be checked.", "es": "El resultado es demasiado grande para comprobarlo."},
        {"en": "{size_en}; the limit is {limit}", "es": "{size_es}; el límite es {limit}"},
        {},
    ),
    "out_of_memory": (
        {"en": "It asked for more memory than the limit.", "es": "Pidió más memoria que el límite."},
        {"en": "limit: {limit}", "es": "límite: {limit}"},
        {},
    ),
    "timeout": (
        {
            "en": "It did not return within {limit} s and was stopped. Look for a loop that never ends.",
            "es": "No terminó en {limit} s y se detuvo. Busca un bucle que no acabe nunca.",
        },
        {},
        {},
    ),
    "crashed": (
        {
            "en": "It ended the Python process ({how}).",
            "es": "Terminó el proceso de Python ({how}).",
        },
        {},
        {},
    ),
    "no_reply": (
        {
            "en": "It wrote on the grader's own line, or closed it: what came was no reply.",
            "es": "Escribió en la línea del propio corrector, o la cerró: lo que llegó no era una respuesta.",
        },
        {},
        {},
    ),
    "unexpected_form": (
        {
            "en": "The result does not have the form that the exercise states.",
            "es": "El resultado no tiene la forma que pide el enunciado.",
        },
        {"en": "got: {got}", "es": "recibido: {got}"},
        {},
    ),
    "stated": ({"en": "{en}", "es": "{es}"}, {}, {}),
    "not_true": (
        {"en": "{en}", "es": "{es}"},
        {"en": "got: {got}", "es": "recibido: {got}"},
        {},
    ),
}

MAX_PART = 500  # characters of each part of a sentence

# Their first sentence says the reason: what follows stands on a line of its own, and may differ from check to check.
ONE_REASON = ("raised", "returned_nothing", "generator", "coroutine", "not_called", "rounded", "half_precision")


@dataclass(frozen=True)
class Fact:
    """What was seen: a kind out of `SENTENCES`, the values of its sentence, and where (`path` inside the result)."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)

    def sentence(self, language: str, level: Level) -> str:
        """Return the fact as a sentence at `level`; empty at `none`."""
        depth = {"none": 0, "category": 1, "gap": 2, "full": 3}[level]
        values = {"got": "", "expected": "", "at_en": "", "at_es": ""} | self.values
        parts = [clean(texts[language].format(**values), MAX_PART) for texts in SENTENCES[self.kind][:depth] if texts]
        return ("\n" if self.kind in ONE_REASON else " ").join(part for part in parts if part)

    def about(self, got: Any) -> Fact:
        """Return the fact with the whole result shown instead of the part that is wrong, where it is short."""
        whole = show(got)
        if self.kind in ("wrong_type", "wrong_shape") or "got" not in self.values or len(whole) > 60 or "…" in whole:
            return self
        if not isinstance(got, (list, tuple, dict)) or _has_tensor(got):
            return self
        return replace(self, values=self.values | {"got": whole})


def _has_tensor(value: Any) -> bool:
    """Whether a tensor stands in `value`: its numbers would be hidden behind its shape."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return isinstance(value, np.ndarray) or any(_has_tensor(item) for item in items)


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return names that student code chose, such as those of its files, for a sentence: the first ones, each short."""
    return ", ".join([clean(name, 40) or "—" for name in names[:most]] + ["…"] * (len(names) > most))


def show(value: Any, items: int = 4, levels: int = 3) -> str:
    """Return `value` as a short text: at most four values, four digits; what lies deeper than `levels`, by its form."""
    if levels == 0 and isinstance(value, (dict, list, tuple, set, wire.Record)):
        return form(value)
    if isinstance(value, float):
        return f"{value + 0.0:.4g}"  # no negative zero
    if isinstance(value, str):
        return clean(repr(clean(value, 60)), 64)
    if isinstance(value, np.ndarray):
        if value.size > items or 0 in value.shape:
            return form(value)
        return show(value.tolist()) if value.ndim else show(value.item())
    if isinstance(value, dict):
        pairs = [f"{show(k, 2, levels - 1)}: {show(v, 2, levels - 1)}" for k, v in list(value.items())[:items]]
        return "{" + ", ".join(pairs + ["…"] * (len(value) > items)) + "}"
    if isinstance(value, (list, tuple, set)):
        shown = [show(item, 2, levels - 1) for item in list(value)[:items]] + ["…"] * (len(value) > items)
        left, right = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}[type(value).__name__]
        return left + ", ".join(shown) + ("," if isinstance(value, tuple) and len(value) == 1 else "") + right
    if isinstance(value, wire.Record):
        shown = [f"{k}={show(v, 2, levels - 1)}" for k, v in list(value.fields.items())[:items]]
        return clean(f"{value.name}({', '.join(shown)})")
    if isinstance(value, (wire.Named, wire.Opaque, wire.Made)):
        return form(value)
    return clean(repr(value), 64)


def form(value: Any) -> str:
    """Return the type of `value`, with its shape or first item: `Tensor float32 (4, 3)`, `list of str`."""
    if isinstance(value, np.ndarray):
        return f"Tensor {value.dtype.name} {tuple(value.shape)}"
    if isinstance(value, wire.Record):
        return clean(value.name, 60)
    if isinstance(value, wire.Named):
        return clean(value.name, 60)
    if isinstance(value, wire.Opaque):
        return clean(value.type_name, 60)
    if isinstance(value, (list, tuple)) and value:
        return clean(f"{type(value).__name__} of {form(value[0])}", 120)
    if isinstance(value, dict):
        return f"dict({', '.join(clean(str(key), 20) for key in list(value)[:6])})"
    return "None" if value is None else type(value).__name__
