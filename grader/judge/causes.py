"""What the usual errors of student code mean, in the student's words: the cause, and what to do about it.

Only errors that say by their type, text and line what happened; anything else is told as it is (see `judge.explain`).
The source is searched, never parsed: this process holds the verdict.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.catalogue import Exercise
from grader.texts import Texts, clean

NETWORK = "LocalEntryNotFoundError|OfflineModeIsEnabled|URLError|ConnectionError|ConnectError|gaierror"
NO_HUB = r"couldn't connect to 'https://huggingface|offline mode|not a valid model identifier"
# Folders of this machine: where a worker keeps what was handed in, and where the packages and the twins are.
FOLDER = re.compile(
    r"/\S*/workers/\d+/|/[^\s'\"]*?grader-\w{8}/(home/)?|/[^\s'\"]*/(site-packages|lib/python3\.\d+)/|/[^\s'\"]*/(?=models--)"
)
SHUT = r"^\[Errno (1|13)\] [^:]*$"  # what the kernel says where a system call is refused: no file is named
STARTS = r"\b(subprocess|os\.(system|popen|fork\w*|exec\w+|(posix_)?spawn\w*)|multiprocessing|mp|Pool|Process\w*)\b"
CONNECTS = r"\b(socket|login|whoami|HfApi|push_to_hub|requests|urllib\w*|urlopen|http\w*|create_connection|connect)\b"


@dataclass(frozen=True)
class Cause:
    """One cause. Patterns: `error` fits a class of the error, `text` its message, `at` the line, `source` the file.

    Named groups of the patterns, `error`, `message`, `file` and `names` may stand in the sentences. `runs` tells
    errors of code that was run from those of reading a file.
    """

    error: str
    en: str
    es: str
    text: str = ""
    at: str = ""
    source: str = ""
    runs: bool = True


CAUSES = (
    Cause(
        "SyntaxError", at=r"^\s*(?P<code>[%!]\s*\w.*)", runs=False,
        en="`{code}` is a notebook command, not Python. Delete the line.",
        es="`{code}` es una orden de notebook, no Python. Borra la línea.",
    ),
    Cause(
        "SyntaxError", at=r"^(?P<code><{7}|={7}|>{7})", runs=False,
        en="a merge conflict was left here (`{code}`). Keep one of the two versions, and delete the three marks.",
        es="aquí quedó un conflicto de git (`{code}`). Deja una de las dos versiones y borra las tres marcas.",
    ),
    Cause(
        "TabError", runs=False,
        en="tabs and spaces are mixed. Indent with spaces only, 4 for each level.",
        es="se mezclan tabuladores y espacios. Usa solo espacios para sangrar, 4 por nivel.",
    ),
    Cause(
        "IndentationError", runs=False,
        en="the indentation does not fit the lines above ({error}: {message}). Use 4 spaces for each level.",
        es="la sangría no encaja con las líneas de arriba ({error}: {message}). Usa 4 espacios por nivel.",
    ),
    Cause(
        "SyntaxError|ValueError", text="null bytes", runs=False,
        en="the file holds null bytes, so it is not a text file. Save it as UTF-8.",
        es="el archivo tiene bytes nulos, así que no es un archivo de texto. Guárdalo como UTF-8.",
    ),
    Cause(
        "SyntaxError", text=r"invalid (non-printable )?character", runs=False,
        en="this line has a character that Python does not know ({error}: {message}), such as a quote that was pasted "
        "from a document. Type it again.",
        es="esta línea tiene un carácter que Python no conoce ({error}: {message}), por ejemplo una comilla pegada "
        "desde un documento. Escríbelo de nuevo.",
    ),
    Cause(
        "SyntaxError", runs=False,
        en="Python cannot read this ({error}: {message}). Look at this line and at the one above.",
        es="Python no entiende esto ({error}: {message}). Mira esta línea y la de encima.",
    ),
    Cause(
        "ModuleNotFoundError", text=r"No module named '(?P<name>[\w.]+)'", runs=False,
        en="there is no module {name} here. If it is a file of yours, hand it in beside {file}; if it is a package, do "
        "without it.",
        es="aquí no hay ningún módulo {name}. Si es un archivo tuyo, entrégalo junto a {file}; si es un paquete, "
        "hazlo sin él.",
    ),
    Cause(
        "ImportError", text=r"cannot import name '(?P<name>\w+)' from (partially initialized module )?'(?P<own>\w+)'",
        runs=False,
        en="the file imports {name} from itself. Delete this line: what the file defines needs no import.",
        es="el archivo importa {name} de sí mismo. Borra esta línea: lo que el archivo define no se importa.",
    ),
    Cause(
        "ImportError", text=r"cannot import name '(?P<name>\w+)' from '(?P<package>[\w.]+)'", runs=False,
        en="{package} has no {name}. Check how the name is written.",
        es="{package} no tiene {name}. Comprueba cómo se escribe el nombre.",
    ),
    Cause(
        "SystemExit",
        en="it ends the program here (exit, quit or sys.exit). Delete that.",
        es="aquí termina el programa (exit, quit o sys.exit). Bórralo.",
    ),
    Cause(
        "EOFError", text="reading a line",
        en="input() waits for the keyboard, and nobody types while your work is graded. Use what the function is "
        "given.",
        es="input() espera al teclado, y nadie escribe mientras se corrige. Usa lo que recibe la función.",
    ),
    Cause(
        "EOFError", at=r"\bgetpass\b",
        en="getpass() waits for the keyboard, and nobody types while your work is graded. Use what the function is "
        "given.",
        es="getpass() espera al teclado, y nadie escribe mientras se corrige. Usa lo que recibe la función.",
    ),
    Cause(
        "BdbQuit",
        en="the debugger (breakpoint or pdb) waits for the keyboard, and nobody types while your work is graded. "
        "Delete this line.",
        es="el depurador (breakpoint o pdb) espera al teclado, y nadie escribe mientras se corrige. Borra esta línea.",
    ),
    Cause(
        "InductorError|BackendCompilerFailed",
        en="torch.compile has to build a program, and none can be built while your work is graded ({error}). Do "
        "without it.",
        es="torch.compile tiene que construir un programa, y mientras se corrige no se puede ({error}). Hazlo sin él.",
    ),
    Cause(
        "PermissionError", text=SHUT, at=CONNECTS,
        en="there is no network while your work is graded ({error}: {message}), and no login is needed. Of models, "
        "these can be loaded: {names}.",
        es="no hay red mientras se corrige ({error}: {message}), ni hace falta login. De los modelos, se pueden "
        "cargar: {names}.",
    ),
    Cause(
        "PermissionError", text=SHUT, at=STARTS,
        en="no other process can be started while your work is graded ({error}: {message}). Do it in Python, in the "
        "function itself.",
        es="mientras se corrige no se puede iniciar otro proceso ({error}: {message}). Hazlo en Python, en la propia "
        "función.",
    ),
    Cause(
        "PermissionError", text=SHUT, source=r"\bnum_workers\s*=\s*(?P<count>[1-9]\d*)",
        en="num_workers={count} starts other processes, and none can be started while your work is graded ({error}: "
        "{message}). Leave it at 0.",
        es="num_workers={count} inicia otros procesos, y mientras se corrige no se puede ({error}: {message}). Déjalo "
        "en 0.",
    ),
    Cause(
        "PermissionError", text=SHUT,
        en="this is shut while your work is graded ({error}: {message}): no other process can be started, there is no "
        "network, and files are read and written beside {file} only. Do without it.",
        es="esto está cerrado mientras se corrige ({error}: {message}): no se inicia otro proceso, no hay red, y solo "
        "se lee y escribe junto a {file}. Hazlo sin ello.",
    ),
    Cause(
        NETWORK,
        en="there is no network while your work is graded. Of models, these can be loaded: {names}.",
        es="no hay red mientras se corrige. De los modelos, se pueden cargar: {names}.",
    ),
    Cause(
        "OSError", text=NO_HUB,
        en="this model is not here, and there is no network while your work is graded. These can be loaded: {names}.",
        es="este modelo no está aquí, y no hay red mientras se corrige. Se pueden cargar: {names}.",
    ),
    Cause(
        "FileNotFoundError", text=r"No such file or directory: '(?P<path>(?!/\S*/workers/).*)'",
        en="there is no file {path} here. Only the files that stand beside {file} come along; open one by its name.",
        es="aquí no está el archivo {path}. Solo llegan los archivos que están junto a {file}; ábrelos por su nombre.",
    ),
    Cause(
        "OSError", text=r"^\[Errno (13|30)\] [^:]*: '(?P<path>(?!/\S*/workers/).*)'",
        en="{path} is out of reach while your work is graded. Read and write beside {file} only.",
        es="{path} queda fuera de alcance mientras se corrige. Lee y escribe solo junto a {file}.",
    ),
    Cause(
        ".*Error", text=r"not compiled with CUDA|No CUDA GPUs|no NVIDIA driver",
        en="it asks for a GPU, and there is none here. Follow the device of the model, or ask "
        "torch.cuda.is_available().",
        es="pide una GPU, y aquí no hay ninguna. Sigue el dispositivo del modelo, o pregunta a "
        "torch.cuda.is_available().",
    ),
    Cause(
        ".*Error", text=r"meta tensor",
        en="a tensor is on the device meta here, which holds no numbers ({error}). Work on the device of what was "
        "handed in, and leave it there.",
        es="aquí un tensor está en el dispositivo meta, que no guarda números ({error}). Trabaja en el dispositivo de "
        "lo que se recibió, y déjalo ahí.",
    ),
    Cause(
        "TypeError|AttributeError", text=r"'NoneType' object",
        en="something is None here ({error}: {message}). Did a function return nothing?",
        es="aquí algo es None ({error}: {message}). ¿Hay una función que no devuelve nada?",
    ),
    Cause(
        "OSError", text=r"^\[Errno 27\]",
        en="it writes more than fits ({error}). Look for a loop that prints and never ends.",
        es="escribe más de lo que cabe ({error}). Busca un bucle que imprima y no acabe nunca.",
    ),
    Cause(
        "RecursionError",
        en="the function calls itself without end ({error}). It needs a case that returns without another call.",
        es="la función se llama a sí misma sin fin ({error}). Necesita un caso que devuelva sin otra llamada.",
    ),
    Cause(
        "TypeError", text=r"^unhashable type: '(?P<name>\w+)'$",
        source=r"(?m)^@(functools\.)?(?P<cache>lru_cache|cache)",
        en="@{cache} cannot keep calls whose arguments are of type {name}. Take the decorator away.",
        es="@{cache} no puede guardar llamadas con argumentos de tipo {name}. Quita el decorador.",
    ),
    Cause(
        "TypeError", text=rf"^(?P<name>{'|'.join(filter(str.islower, dir(builtins)))})\(\)",
        source=r"(?m)^from torch import \*",
        en="`from torch import *` put torch's {name} in the place of Python's. Import only what you use.",
        es="`from torch import *` puso el {name} de torch en lugar del de Python. Importa solo lo que usas.",
    ),
)  # fmt: skip


def cause(exercise: Exercise, file: str, error: Mapping[str, Any], source: str) -> tuple[Texts, bool] | None:
    """Return the sentences about `error` and whether code was run for it, or None where the cause is not a usual one.

    `error` is what a worker said (see `subjects.checked_error`), `source` the text of `file`, in which its line
    counts.
    """
    lines, number = source.split("\n"), error["line"]
    at = lines[number - 1] if number and number <= len(lines) else ""
    for one in CAUSES:
        if not any(re.fullmatch(one.error, name) for name in error["types"]):
            continue
        searched = ((one.text, error["message"]), (one.at, at), (one.source, source))
        matches = [re.search(pattern, text) for pattern, text in searched if pattern]
        if not all(matches):
            continue
        groups = [group for match in matches if match for group in match.groupdict().items()]
        values = {name: clean(_without_folders(text or ""), 60) for name, text in groups}
        if values.get("own", exercise.module) != exercise.module:
            continue
        values |= {"error": error["types"][0], "message": tidy(error["message"]), "file": file}
        values["names"] = ", ".join(exercise.checkpoints or (exercise.at_home,))
        return {"en": one.en.format(**values), "es": one.es.format(**values)}, one.runs
    return None


def tidy(message: str) -> str:
    """Return an error's text without folders of the machine and without its full stop; a dash where it has none."""
    return _without_folders(message).rstrip(".") or "—"


def _without_folders(text: str) -> str:
    return FOLDER.sub("", text)
