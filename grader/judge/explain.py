"""Why a call, or the loading of a module, costs checks: from an outcome to a fact in the student's words."""

from __future__ import annotations

import ast
import difflib
import re

from grader.catalogue import Exercise
from grader.judge.causes import cause, tidy
from grader.judge.facts import Fact
from grader.judge.subjects import NO_REPLY, Call, Outcome, Student, Subject
from grader.judge.suite import Unearned
from grader.notebooks import telling
from grader.report import CheckStatus
from grader.texts import Texts, joined

TODO = re.compile(r"TODO (\d{1,3})")
STAR = re.compile(r"(?m)^[ \t]*from[ \t]+transformers[ \t]+import[ \t]+\*")
OF_TORCH = re.compile(r"meta tensor|aten::")  # torch raises NotImplementedError too: an operation that a device lacks
TRYING_OUT = {
    "en": 'The file is imported, not run: put what tries it out below `if __name__ == "__main__":`.',
    "es": 'El archivo se importa, no se ejecuta: pon lo que sea para probar debajo de `if __name__ == "__main__":`.',
}
EVERYTHING = {
    "en": "Import only what you use: `from transformers import *` loads every model there is.",
    "es": "Importa solo lo que uses: `from transformers import *` carga todos los modelos que existen.",
}


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
        return missing_function(exercise, [call.function], student)
    if types[0] == "BannedCall":
        return Fact("banned", {"name": message})
    if "bound" in error:
        return _too_large(*error["bound"])  # type: ignore[misc]
    if "MemoryError" in types or "can't allocate memory" in message:
        return Fact("out_of_memory", {"limit": f"{memory_mib} MiB"})
    stated = _stated_signature(exercise, call.function)
    own = student.functions.get(call.function, [])
    if types[0] == "TypeError" and error["line"] is None and _bare(own) != _bare(stated):
        return Fact("wrong_signature", {"got": ", ".join(own), "wanted": ", ".join(stated)})
    known = cause(exercise, student.file, error, student.text_of(error))
    if known is not None:
        return Fact("stated", at_place(student, error, known[0]) | {"line": error["line"]})
    return Fact("raised", _raised(student, error))


def _bare(parameters: list[str]) -> list[str]:
    return [parameter.replace(" ", "") for parameter in parameters]


def _raised(student: Subject, error: dict[str, object]) -> dict[str, object]:
    types, at = list(error["types"]), place(error)  # type: ignore[call-overload]
    where = {f"line_{language}": f" ({student.file}, {text})" if text else "" for language, text in at.items()}
    message = str(error["message"]).strip()
    said = {"said_en": f"message: {tidy(message)}", "said_es": f"mensaje: {tidy(message)}"} if message else {}
    return {"error": types[0], "line": error["line"], "said_en": "", "said_es": "", **said, **where}


def place(error: dict[str, object]) -> Texts:
    """Return where in the student's file an error was: "line 7", "cell 3, line 2", or nothing where that is unknown."""
    return telling.place(error.get("cell"), error["line"])


def at_place(student: Subject, error: dict[str, object], said: Texts) -> Texts:
    """Return what is `said` about an error behind its place: "file, line n: …"."""
    return {
        language: f"{', '.join(filter(None, (student.file, at)))}: {said[language]}"
        for language, at in place(error).items()
    }


def about_notebook(student: Student) -> Texts | None:
    """Return the note about a notebook that did not run as a whole, or None."""
    notes: list[Texts | None] = []
    if student.only_definitions:
        notes.append({
            "en": "Running all cells did not end, so only imports, definitions and assignments were run.",
            "es": "Ejecutar todas las celdas no terminó, así que solo se ejecutaron importaciones, definiciones y "
            "asignaciones.",
        })  # fmt: skip
    failed = [(place(error), f"{error['types'][0]}: {error['message']}") for error in student.failed]
    return joined(*notes, telling.about_failed(failed))


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


def missing_function(exercise: Exercise, functions: list[str], student: Subject) -> Fact:
    """Return that `functions` are not in the module, and what may have become of them."""
    if student.halted is not None:
        return Fact("stated", halted(exercise, student, student.halted) | {"line": student.halted["line"]})
    if not student.source.strip():
        return Fact("empty_file", {"file": student.file, "slug": exercise.slug})
    if (taken := _taken(functions, student)) is not None:
        return taken
    values = {"file": student.file, "function": ", ".join(functions), "near_en": "", "near_es": ""}
    others = [name for name in student.defined if name not in exercise.todos]
    near = ", ".join(name for function in functions for name in difflib.get_close_matches(function, others, 1, 0.5))
    inside = re.search(rf"(?m)^[ \t]+def[ \t]+({'|'.join(functions)})\b", student.source)
    if inside and student.file == exercise.file:  # the lines of a notebook count in its cells
        line = student.source.count("\n", 0, inside.start()) + 1
        values["near_en"] = f" Line {line} defines {inside[1]} inside something else: move it to the left margin."
        values["near_es"] = f" La línea {line} define {inside[1]} dentro de otra cosa: llévala al margen izquierdo."
    elif near:
        values |= {"near_en": f" Did you mean {near}?", "near_es": f" ¿Es {near}?"}
    return Fact("missing_function", values)


def _taken(functions: list[str], student: Subject) -> Fact | None:
    """Return that the name of a function was given to something else, or None where no line of the module says so."""
    given = re.compile(rf"({'|'.join(functions)})[ \t]*(?::[^=]*)?=(?!=)")
    lines = [(n, match[1]) for n, line in enumerate(student.source.split("\n"), 1) if (match := given.match(line))]
    if not lines:
        return None
    number, name = lines[-1]
    said = {
        "en": f"here the name {name} is given to something that cannot be called. Choose another name for that.",
        "es": f"aquí el nombre {name} pasa a ser algo que no se puede llamar. Usa otro nombre para eso.",
    }
    is_module = student.file.endswith(".py")  # the lines of a notebook count in its cells
    return Fact("stated", at_place(student, {"line": number if is_module else None}, said))


def why_not_loaded(exercise: Exercise, student: Subject, outcome: Outcome) -> tuple[CheckStatus, Fact]:
    """Return the status of every check of a module that could not be run, and why it could not."""
    file = student.file
    if outcome.kind == "timeout":
        advice = EVERYTHING if STAR.search(student.source) else TRYING_OUT
        text = {
            "en": f"Importing {file} did not end within {outcome.how} s and was stopped. {advice['en']}",
            "es": f"Importar {file} no terminó en {outcome.how} s y se detuvo. {advice['es']}",
        }
        return "timeout", Fact("stated", text)
    if outcome.how == NO_REPLY:
        return "crashed", Fact("no_reply")
    if outcome.kind == "crash":
        text = {"en": f"Importing {file} ended the Python process ({outcome.how}).",
                "es": f"Importar {file} terminó el proceso de Python ({outcome.how})."}  # fmt: skip
        return "crashed", Fact("stated", text)
    return "failed", Fact("stated", _told(exercise, student, outcome.error) | {"line": outcome.error["line"]})


def halted(exercise: Exercise, student: Subject, error: dict[str, object]) -> Texts:
    """Return the note about a module that stopped after it had defined some of the functions."""
    end = {"en": "What stands above that line was graded.", "es": "Se corrigió lo que está por encima de esa línea."}
    return {language: f"{text} {end[language]}" for language, text in _told(exercise, student, error).items()}


def _told(exercise: Exercise, student: Subject, error: dict[str, object]) -> Texts:
    known = cause(exercise, student.file, error, student.text_of(error))
    if known is None:
        what = f"({error['types'][0]}: {tidy(str(error['message']))})"  # type: ignore[index]
        said, runs = (
            {"en": f"an error stops the file here {what}.", "es": f"un error detiene aquí el archivo {what}."},
            True,
        )
    else:
        said, runs = known
    return at_place(student, error, {key: f"{text} {TRYING_OUT[key]}" if runs else text for key, text in said.items()})
