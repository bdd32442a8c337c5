"""Why a call, or the loading of a module, costs checks: from an outcome to a fact in the student's words."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Sequence

from grader.catalogue import Exercise
from grader.judge.facts import Fact
from grader.judge.subjects import NO_REPLY, Call, Outcome, Subject
from grader.judge.suite import Unearned
from grader.report import CheckStatus

TODO = re.compile(r"TODO (\d{1,3})")
OF_TORCH = re.compile(r"meta tensor|aten::")  # torch raises NotImplementedError too: an operation that a device lacks


def explain_outcome(exercise: Exercise, student: Subject, call: Call, outcome: Outcome, memory_mib: int) -> Unearned:
    """Return why a call that gave no value costs the check."""
    if outcome.kind == "timeout":
        return Unearned("timeout", Fact("timeout", {"limit": outcome.how}), outcome)
    if outcome.kind == "crash":
        fact = Fact("no_reply") if outcome.how == NO_REPLY else Fact("crashed", {"how": outcome.how})
        return Unearned("crashed", fact, outcome)
    error = outcome.error
    types = error["types"]
    if types[0] == "NotImplementedError" and not OF_TORCH.search(error["message"]):
        match = TODO.search(error["message"])
        return Unearned("not_started", Fact("stated", {"todo": int(match[1]) if match else None}), outcome)
    return Unearned("failed", _error_fact(exercise, student, call, error, memory_mib), outcome)


def _error_fact(exercise: Exercise, student: Subject, call: Call, error: dict[str, object], memory_mib: int) -> Fact:
    types, message = list(error["types"]), str(error["message"])  # type: ignore[call-overload]
    if types[0] == "MissingFunction":
        return missing_function(exercise, call.function, student.defined)
    if types[0] == "BannedCall":
        return Fact("banned", {"name": message})
    if "bound" in error:
        return _too_large(*error["bound"])  # type: ignore[misc]
    if "MemoryError" in types or "can't allocate memory" in message:
        return Fact("out_of_memory", {"limit": f"{memory_mib} MiB"})
    stated = _stated_signature(exercise, call.function)
    own = student.functions.get(call.function, [])
    if (
        types[0] == "TypeError"
        and error["line"] is None
        and [p.split("=")[0] for p in own] != [p.split("=")[0] for p in stated]
    ):
        return Fact("wrong_signature", {"got": ", ".join(own), "wanted": ", ".join(stated)})
    return Fact("raised", _raised(error))


def _raised(error: dict[str, object]) -> dict[str, object]:
    types, line = list(error["types"]), error["line"]  # type: ignore[call-overload]
    at = {"line_en": f" (line {line})", "line_es": f" (línea {line})"} if line else {"line_en": "", "line_es": ""}
    return {"error": types[0], "message": error["message"], "line": line, **at}


def _too_large(what: str, size: int, limit: int) -> Fact:
    if what == "bytes":
        text = {
            "size_en": f"{size / 2**20:.0f} MiB",
            "size_es": f"{size / 2**20:.0f} MiB",
            "limit": f"{limit / 2**20:.0f} MiB",
        }
    elif what == "depth":
        text = {
            "size_en": "it contains itself, or is nested too deep",
            "size_es": "se contiene a sí mismo, o anida demasiado",
        }
        text["limit"] = str(limit)
    else:
        text = {"size_en": f"{size} {what}", "size_es": f"{size} {what}", "limit": str(limit)}
    return Fact("too_large", text)


def _stated_signature(exercise: Exercise, function: str) -> list[str]:
    tree = ast.parse(exercise.solution.read_text(encoding="utf-8"))
    node = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)
    names = [a.arg for a in node.args.args]
    defaults = [ast.unparse(d) for d in node.args.defaults]
    first = len(names) - len(defaults)
    return [name if i < first else f"{name}={defaults[i - first]}" for i, name in enumerate(names)]


def missing_function(exercise: Exercise, function: str, defined: Sequence[str]) -> Fact:
    others = [name for name in defined if name not in exercise.todos]
    near = difflib.get_close_matches(function, others, 1, 0.5)
    hints = (
        {"near_en": f" Did you mean {near[0]}?", "near_es": f" ¿Es {near[0]}?"}
        if near
        else {"near_en": "", "near_es": ""}
    )
    return Fact("missing_function", {"file": exercise.file, "function": function, **hints})


def why_not_loaded(exercise: Exercise, outcome: Outcome) -> tuple[CheckStatus, Fact]:
    if outcome.kind == "timeout":
        text = {"en": f"Importing {exercise.file} did not end within {outcome.how} s and was stopped.",
                "es": f"Importar {exercise.file} no terminó en {outcome.how} s y se detuvo."}  # fmt: skip
        return "timeout", Fact("stated", text)
    if outcome.how == NO_REPLY:
        return "crashed", Fact("no_reply")
    if outcome.kind == "crash":
        text = {"en": f"Importing {exercise.file} ended the Python process ({outcome.how}).",
                "es": f"Importar {exercise.file} terminó el proceso de Python ({outcome.how})."}  # fmt: skip
        return "crashed", Fact("stated", text)
    error = outcome.error
    line_en, line_es = (f", line {error['line']}", f", línea {error['line']}") if error["line"] else ("", "")
    what = f"{error['types'][0]}: {error['message']}"
    text = {"en": f"{exercise.file}{line_en}: {what}", "es": f"{exercise.file}{line_es}: {what}"}
    return "failed", Fact("stated", {**text, "line": error["line"]})
