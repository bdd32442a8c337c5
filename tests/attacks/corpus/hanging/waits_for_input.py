"""
Tries:      to wait for a person, by input()
Stopped by: process line
Honest:     probabilities
"""


def predict(*args, **kwargs):
    return input("the answers, please: ")
