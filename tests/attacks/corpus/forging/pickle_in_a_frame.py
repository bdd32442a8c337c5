"""
Tries:      to run code in the judge: a pickle in the place of a frame, and an object that pickles into a command
Stopped by: wire
Honest:     none
"""

import os
import pickle

import kit


class Command:
    def __reduce__(self):
        return os.system, (f"touch /tmp/{kit.PLACES['token']}",)


def probabilities(*args, **kwargs):
    return Command()


def predict(*args, **kwargs):
    os.write(3, pickle.dumps(Command()))
    return Command()
