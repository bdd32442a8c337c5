"""
Tries:      to reopen the files that the judge holds open
Stopped by: file system
Honest:     probabilities
"""

import os

import kit


def predict(*args, **kwargs):
    for pid in (kit.warm_process, kit.judge):
        with kit.attempt(f"the descriptors of the {pid.__name__}"):
            os.listdir(f"/proc/{pid()}/fd")
