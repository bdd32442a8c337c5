"""A worker: loads modules and calls their functions, one request at a time, until its socket closes.

Requests come from the judge and are trusted; what they make student code return is not this module's concern beyond
putting it into a frame. Each reply repeats the request's number, so that a frame out of turn is noticed.
"""

from __future__ import annotations

import importlib
import inspect
import socket
import sys
import traceback
import types
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

from transformers import BatchEncoding

from grader import wire
from grader.notebooks.running import cell_of, run_cells
from grader.worker import devices, effects
from grader.worker.describe import describe_encoding, describe_folder
from grader.worker.makers import Folder, Maker
from grader.worker.pretend import machine
from grader.worker.values import to_objects, to_plain

MAX_MESSAGE = 2000
MAX_FAILED = 20
Operation = Callable[[dict[str, Any]], dict[str, Any]]


class BannedCall(RuntimeError):
    """The exercise is done without this function."""


class Server:
    """Modules by key, and what calls of them need."""

    def __init__(self, device: str = "cpu") -> None:
        self.modules: dict[str, types.ModuleType] = {}
        self.files: dict[str, str] = {}
        self.device = device
        self.maker = Maker(device)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to one request: `load`, `call`, `set`, or `wait` (until process and device are up)."""
        operations: dict[str, Operation] = {
            "load": self.load, "call": self.call, "set": self.set, "wait": self.wait,
        }  # fmt: skip
        return operations[request["op"]](request)

    def wait(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - one of the operations
        """Start the device and say why it cannot be used, if so."""
        return {"problem": devices.start(self.device)}

    def set(self, request: dict[str, Any]) -> dict[str, Any]:
        """Change how models are run, to measure the noise floor: `threads`, `attention`."""
        self.maker.use_attention(request["attention"])
        effects.THREADS = request["threads"]
        return {}

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run a module's source under its own name and say which of its functions can be called, and how.

        A notebook comes as `cells`; what of it fails by itself is in `failed`. An error after some of `functions` were
        defined is in `halted`: they can be called all the same.
        """
        name, source = request["module"], request["source"]
        path = str(Path(request["file"]).absolute()) if request["file"] else f"<{request['key']}>"
        module = types.ModuleType(name)
        module.__file__ = path
        self.files[request["key"]] = path
        effects.reset(0)
        for banned in request["banned"]:
            _ban(banned)
        sys.path[:0] = [str(Path.cwd())] if request["file"] and str(Path.cwd()) not in sys.path else []
        sys.modules[name] = module
        failed: list[tuple[int, BaseException]] = []
        sys.argv = [path]
        halted = None
        try:
            if request.get("cells"):
                failed = run_cells(request["cells"], path, module.__dict__, request["only_definitions"])
            else:
                exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            halted = describe_error(error, path, outermost=True)
        functions = {n: f for n in request["functions"] if callable(f := getattr(module, n, None))}
        if halted is not None and not functions:
            return {"error": halted}
        self.modules[request["key"]] = module
        own = [n for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == name]
        return {
            "functions": {n: _signature(f) for n, f in functions.items()},
            "defined": own[:100],
            "failed": [{**describe_error(error, path), "cell": number} for number, error in failed[:MAX_FAILED]],
            "halted": halted,
        }

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call one function and return its value or error, with its effects.

        While it runs, this process holds what the call was given, and no other call's inputs.
        """
        function = getattr(self.modules[request["key"]], request["function"])
        args, kwargs, arguments, pristine, machines = self._make(function, request.pop("args"), request.pop("kwargs"))
        effects.reset(request["seed"])
        reply: dict[str, Any] = {}
        result = None
        with ExitStack() as pretended, effects.observed(arguments, pristine) as observed:
            for cuda in machines:
                pretended.enter_context(machine(cuda))
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                reply["error"] = describe_error(error, self.files[request["key"]])
            else:
                try:
                    reply["value"] = to_plain(result)
                except BaseException as error:
                    reply["error"] = describe_error(error, self.files[request["key"]])
                    reply["error"]["stage"] = "return"
        reply["changed"], reply["forwards"] = observed.changed, observed.forwards
        folders = {name: value for name, value in arguments.items() if isinstance(value, Folder)}
        written = {name: describe_folder(folder) for name, folder in folders.items()}
        if isinstance(result, BatchEncoding) and any(isinstance(value, BatchEncoding) for value in arguments.values()):
            written["result"] = describe_encoding(result)
        reply["written"] = to_plain(written)
        for folder in folders.values():
            folder.remove()
        return reply

    def _make(
        self, function: Any, given: list[Any], named: dict[str, Any]
    ) -> tuple[list[Any], dict[str, Any], dict[str, Any], dict[str, Any], list[bool]]:
        """Return the arguments in order and by keyword; all of them by name, twice; what machines the call sees.

        How they are made is known here alone: a frame above the call would show it to student code.
        """
        names, values = _argument_names(function, given, named), [*given, *named.values()]
        device = devices.of_call(values, self.device)
        with self.maker.only_for_this_call():
            make, keep = partial(self.maker.hand_over, device=device), partial(self.maker.pristine, device=device)
            made = [to_objects(value, make, device) for value in values]
            # A folder is its own pristine one: what the call left in it is described, not compared.
            pristine = [
                thing if isinstance(thing, Folder) else to_objects(value, keep, device)
                for thing, value in zip(made, values, strict=True)
            ]
        machines = [v.options["cuda"] for v in values if isinstance(v, wire.Made) and v.maker == "on_machine"]
        kwargs = dict(zip(named, made[len(given) :], strict=True))
        arguments, untouched = (dict(zip(names, things, strict=True)) for things in (made, pristine))
        return made[: len(given)], kwargs, arguments, untouched, machines


def describe_error(error: BaseException, path: str, outermost: bool = False) -> dict[str, Any]:
    """Return the error as data: class names along the MRO, message, and the last line of `path` that it passed.

    With `outermost` it is the first one: where the module itself stopped, in whatever function the error was. In a
    notebook the line is one of the cell `cell`.
    """
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((str(error.filename), error.lineno))
    places = [(name, line) for name, line in places if name == path or cell_of(name, path)]
    name, line = places[0 if outermost else -1] if places else ("", None)
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:
        message = ""
    described: dict[str, Any] = {
        "types": [cls.__name__ for cls in type(error).__mro__][:20],
        "message": str(message)[:MAX_MESSAGE],
        "line": line,
        "cell": cell_of(name, path),
    }
    if isinstance(error, wire.TooLarge):
        described["bound"] = [error.what, min(error.size, wire.MAX_INT - 1), error.limit]
    return described


def _signature(function: Any) -> list[str]:
    try:
        return [
            str(p.replace(annotation=inspect.Parameter.empty)) for p in inspect.signature(function).parameters.values()
        ]
    except (TypeError, ValueError):
        return []


def _argument_names(function: Any, args: list[Any], kwargs: dict[str, Any]) -> list[str]:
    """Return a name for each argument: the parameter's, or its place where the call does not fit the signature."""
    try:
        parameters = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        parameters = []
    return [parameters[i] if i < len(parameters) else f"argument {i + 1}" for i in range(len(args))] + list(kwargs)


def _ban(dotted: str) -> None:
    """Ban `module.function`, `module:Class.method`, or with `module.*` all that a module offers: it is not imported."""
    owner_name, _, name = dotted.rpartition(".")
    if name == "*":
        sys.modules[owner_name] = _Banned(owner_name)
        return
    module_name, _, class_name = owner_name.partition(":")
    owner = importlib.import_module(module_name)
    setattr(getattr(owner, class_name) if class_name else owner, name, _banned(name))


def _banned(name: str) -> Callable[..., Any]:
    def banned(*args: Any, **kwargs: Any) -> Any:  # noqa: ARG001
        raise BannedCall(name)

    return banned


class _Banned(types.ModuleType):
    """Stands in a module's place: each of its names can be imported, and none can be called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _banned(name)


def serve(sock: socket.socket, device: str = "cpu") -> None:
    """Answer requests until the judge closes its end; models and inputs go to `device`."""
    server = Server(device)
    while True:
        try:
            request = wire.receive(sock)
        except wire.WireError:
            return
        try:
            reply = server.answer(request)
        except Exception as error:  # not student code's: that is caught where it is called
            reply = {"fault": f"{type(error).__name__}: {error}"[:MAX_MESSAGE]}
        try:
            frame = wire.encode({"id": request["id"], **reply})
        except wire.TooLarge as error:
            frame = wire.encode({"id": request["id"], "error": describe_error(error, "") | {"stage": "return"}})
        with suppress(Exception):  # a student's file may have filled them, closed them or put others there
            sys.stdout.flush()
            sys.stderr.flush()
        wire.send(sock, frame)
