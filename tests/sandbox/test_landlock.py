"""Landlock at each version that this kernel can play, in small processes of their own."""

import json
import subprocess
import sys

import pytest

from grader.catalogue import ROOT
from grader.worker.sandbox import kernel, landlock

TRY = """
import json, os, socket, sys
sys.path.insert(0, {root!r})
from grader.worker.sandbox import kernel, landlock
own, version, parent = {own!r}, {version}, os.getppid()
kernel.drop_capabilities()
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
print_to = os.dup(1)
landlock.restrict(["/usr/lib"], [own], ["/dev/null"], version=version)

def goes(action):
    try:
        action()
    except OSError:
        return False
    return True

def tcp():
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))

def abstract():
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect("\\0" + {name!r})

os.write(print_to, json.dumps({{
    "reads outside": goes(lambda: open({secret!r}).read()),
    "writes outside": goes(lambda: open({secret!r}, "a")),
    "lists outside": goes(lambda: os.listdir({outside!r})),
    "makes outside": goes(lambda: open({outside!r} + "/new", "w")),
    "runs": goes(lambda: os.posix_spawn("/bin/true", ["true"], {{}})),
    "truncates outside": goes(lambda: os.truncate({secret!r}, 0)),
    "writes its own": goes(lambda: open(own + "/file", "w").write("x")),
    "makes folders of its own": goes(lambda: os.mkdir(own + "/folder")),
    "renames across folders of its own": goes(lambda: os.rename(own + "/file", own + "/folder/file")),
    "uses the null device": goes(lambda: open("/dev/null", "r+b").write(b"x")),
    "signals": goes(lambda: os.kill(parent, 0)),
    "binds": goes(tcp),
    "reaches an abstract socket": goes(abstract),
}}).encode())
"""


@pytest.fixture(scope="module")
def offered():
    try:
        return landlock.abi()
    except kernel.Unavailable as error:
        pytest.skip(f"no Landlock here: {error}")


@pytest.mark.parametrize("version", range(1, 8))
def test_each_version_shuts_what_it_knows(tmp_path, offered, version):
    import socket

    if version > offered:
        pytest.skip(f"this kernel offers ABI {offered}")
    own, outside = tmp_path / "own", tmp_path / "outside"
    own.mkdir(), outside.mkdir()
    secret = outside / "secret"
    secret.write_text("secret")
    name = f"test-{tmp_path.name}-{version}"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("\0" + name)
        listening.listen()
        code = TRY.format(
            root=str(ROOT), own=str(own), version=version, secret=str(secret), outside=str(outside), name=name
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    went = {what for what, through in json.loads(done.stdout).items() if through}
    expected = {"writes its own", "makes folders of its own", "uses the null device"}
    expected |= {"renames across folders of its own"} if version >= 2 else set()
    expected |= {"truncates outside"} if version < 3 else set()  # the filter refuses it there
    expected |= {"binds"} if version < 4 else set()
    expected |= {"signals", "reaches an abstract socket"} if version < 6 else set()
    assert went == expected


@pytest.mark.parametrize(("version", "size"), [(1, 8), (3, 8), (4, 16), (5, 16), (6, 24), (7, 24), (9, 24)])
def test_the_attribute_has_the_size_of_its_version(version, size):
    assert len(landlock.ruleset_attribute(version)) == size


def test_a_newer_version_knows_what_an_older_one_knows():
    for version in range(1, 9):
        for older, newer in zip(landlock.known_rights(version), landlock.known_rights(version + 1), strict=True):
            assert older & newer == older
