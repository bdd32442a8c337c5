"""
Tries:      to have the judge fall over the removal of its folder: fifteen hundred folders, each in the one before
Stopped by: process line
Honest:     probabilities
"""

import os

for _ in range(1500):
    os.mkdir("d")
    os.chdir("d")


def predict(*args, **kwargs):
    return []
