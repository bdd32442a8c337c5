"""What attacks share: it is handed in beside each of them, as a student's own helper module would be.

Whoever attacks a grader whose code is public knows its frames and its protocol; so does this module. An attack that got
somewhere says so with `reached`; whether that is more than it should, the session decides from the output.
"""

import contextlib
import json
import os
import struct
import sys
from pathlib import Path

from grader import wire

# Made anew by each session: "token", a word that nobody else's files have in their names; "victim", a folder of another
# student; "secret", words in a variable of the judge's environment.
PLACES = json.loads(Path(__file__).with_name("places.json").read_text())


def reached(what):
    """Leave evidence that the attack got somewhere."""
    os.write(1, f"\nREACHED {what}\n".encode())


@contextlib.contextmanager
def attempt(what):
    """Leave evidence if the block ends without an error."""
    try:
        yield
    except (OSError, ImportError, AttributeError, LookupError, ValueError):
        return
    reached(what)


def callers():
    """Yield the frames that called this module, from the innermost on."""
    frame = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def local(name):
    """Return a local variable of some caller."""
    return next(frame.f_locals[name] for frame in callers() if name in frame.f_locals)


def repository():
    """Return the folder of the course: the worker's policy names a file in it."""
    return Path(local("policy").canaries[-1]).parents[2]


def warm_process():
    """Return the pid of the warm process, and the judge's where that can be learned."""
    return os.getppid()


def judge():
    """Return the pid of the judge: the parent of the warm process."""
    return int(Path(f"/proc/{warm_process()}/stat").read_text().rpartition(")")[2].split()[1])


def send(reply):
    """Write a whole reply to the judge."""
    os.write(3, wire.encode(reply))


def send_raw(document, buffers=b""):
    """Write a frame with this JSON document, whatever it says."""
    text = json.dumps(document).encode()
    os.write(3, struct.pack("!4sIQ", b"GRD1", len(text), len(buffers)) + text + buffers)
