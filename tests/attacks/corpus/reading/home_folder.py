"""
Tries:      to read what the person who grades keeps at home
Stopped by: file system
Honest:     probabilities
"""

import os
import pwd

import kit


def predict(*args, **kwargs):
    with kit.attempt("the files at home of the person who grades"):
        os.listdir(kit.PLACES["home"])
    with kit.attempt("the users of this machine"):
        pwd.getpwall()[0]
