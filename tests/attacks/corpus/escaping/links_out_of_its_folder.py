"""
Tries:      to reach the files of others through links, and to have them deleted when its folder is
Stopped by: file system
Honest:     probabilities
"""

import os
from pathlib import Path

import kit


def predict(*args, **kwargs):
    os.symlink(kit.PLACES["victim"], "here")
    os.symlink("/proc/self/root", "root")
    with kit.attempt("the file of another student, through a link"):
        Path("here", "notes.txt").read_text()
    with kit.attempt("the file of another student, through /proc"):
        Path("root" + kit.PLACES["victim"], "notes.txt").read_text()
